package dev.holdfast.testkit.harness;

/** What not every storage can do. A contract that needs one is shown as skipped without it. */
public enum Capability {
  /** What was committed is there again after {@link StorageHarness#reopen}. */
  DURABLE,
  /** {@link StorageHarness#another} opens the same data a second time, as another process would. */
  MANY_PROCESSES,
  /** Several nodes may share it: it has elections. */
  CLUSTER
}
