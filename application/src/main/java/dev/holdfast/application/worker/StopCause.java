package dev.holdfast.application.worker;

/** Why a handler is asked to stop. */
enum StopCause {
  /** Its cancel was asked; its own word still counts. */
  CANCEL(1),
  /** The node stops; what it throws is no failure. */
  SHUTDOWN(2),
  /** The run has ended without it: timed out, expired, cancelled by force, or given away. */
  REVOKED(4);

  private final int bit;

  StopCause(int bit) {
    this.bit = bit;
  }

  /** A set of causes is the sum of their bits. */
  int bit() {
    return bit;
  }
}
