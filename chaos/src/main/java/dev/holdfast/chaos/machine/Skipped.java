package dev.holdfast.chaos.machine;

/** The machine cannot do what a fault needs; the message says what is missing. */
public final class Skipped extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With what is missing. */
  public Skipped(String reason) {
    super(reason);
  }
}
