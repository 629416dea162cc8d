package dev.holdfast.application.worker;

/** Why a handler is asked to stop. */
enum StopCause {
  /** Its cancel was asked; its own word still counts. */
  CANCEL,
  /** The node stops; what it throws is no failure. */
  SHUTDOWN,
  /** The run has ended without it: timed out, expired, cancelled by force, or given away. */
  REVOKED
}
