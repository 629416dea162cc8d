package dev.holdfast.simulator.fault;

/** What can go wrong. Those up to {@link #RESET} happen at a call of the storage. */
public enum FaultKind {
  /** The storage cannot be asked; nothing was done. */
  REFUSED,
  /** The question is long under way. */
  SLOW_CALL,
  /** The answer is long under way. */
  SLOW_REPLY,
  /** The storage has done it, and its answer is lost. */
  LOST_REPLY,
  /** The process stands still just before it asks. */
  FREEZE_BEFORE,
  /** The process stands still just after it asked. */
  FREEZE_AFTER,
  /** The process dies just before it asks. */
  CRASH_BEFORE,
  /** The process dies just after it asked. */
  CRASH_AFTER,
  /** The node cannot reach the storage for a while, nor others by hints. */
  PARTITION,
  /** The connections of the node are lost, and the storage knows it. */
  RESET,
  /** Nobody can reach the storage for a while. */
  OUTAGE,
  /** The storage's clock steps. */
  CLOCK_STEP,
  /** A node's wall clock steps. */
  WALL_STEP,
  /** A node starts again while its old process only stands still. */
  TWIN,
  /** A node stops in good order and starts again. */
  RESTART,
  /** A hint does not arrive. */
  HINT_LOST,
  /** A hint arrives twice. */
  HINT_DOUBLED,
  /** A handler takes its process with it. */
  POISON
}
