package dev.holdfast.chaos.scenario;

/** The machine cannot do what a scenario needs; the message says what is missing. */
public final class Skipped extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With what is missing. */
  public Skipped(String reason) {
    super(reason);
  }
}
