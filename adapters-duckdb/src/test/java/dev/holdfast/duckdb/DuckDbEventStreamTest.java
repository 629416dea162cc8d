package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.read.EventStreamContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbEventStreamTest extends EventStreamContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
