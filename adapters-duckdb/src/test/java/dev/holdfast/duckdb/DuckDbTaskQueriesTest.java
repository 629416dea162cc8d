package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.read.TaskQueriesContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbTaskQueriesTest extends TaskQueriesContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
