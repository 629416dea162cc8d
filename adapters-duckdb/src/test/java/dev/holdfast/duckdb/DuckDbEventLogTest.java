package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.read.EventLogContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbEventLogTest extends EventLogContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
