package dev.holdfast.chaos.trace;

/** A task as it stands in the end. */
public record TaskRow(String task, String key, String type, int maxAttempts, String state) {

  /** Whether it has ended. */
  public boolean isTerminal() {
    return switch (state) {
      case "completed", "failed", "cancelled", "timed_out" -> true;
      default -> false;
    };
  }
}
