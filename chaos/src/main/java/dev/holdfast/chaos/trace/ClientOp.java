package dev.holdfast.chaos.trace;

/**
 * A step of a client's try to submit a task.
 *
 * @param task its id, once acknowledged; else empty
 * @param nanos of the machine's monotonic clock
 */
public record ClientOp(Kind kind, String key, String task, long nanos) {

  /** How far the try is. */
  public enum Kind {
    /** It begins. */
    INVOKE,
    /** The task was accepted. */
    OK,
    /** Surely nothing was stored. */
    FAIL,
    /** Nobody knows. */
    UNKNOWN
  }
}
