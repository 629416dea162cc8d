package dev.holdfast.bootstrap.bench;

/** What can be measured. */
public enum Scenario {
  /** One call per task, from many threads. */
  ENQUEUE,
  /** Tasks that do nothing are in place; how fast they are run to their ends. */
  DRAIN,
  /** From the call that submits to the handler's first line, at a fixed rate. */
  LATENCY
}
