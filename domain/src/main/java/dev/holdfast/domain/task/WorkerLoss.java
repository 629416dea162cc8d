package dev.holdfast.domain.task;

/** What becomes of a task whose node was lost while its handler ran. */
public enum WorkerLoss {
  /** It is tried again while attempts are left. */
  RETRY,
  /** It fails at once: for work that must not be started twice. */
  FAIL
}
