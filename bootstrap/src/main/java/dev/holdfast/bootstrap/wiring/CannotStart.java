package dev.holdfast.bootstrap.wiring;

/** A node cannot start for a reason outside of it; the message says what and why, for people. */
public final class CannotStart extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With what was found. */
  public CannotStart(String message, Throwable cause) {
    super(message, cause);
  }
}
