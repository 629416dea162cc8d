package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.read.TaskListContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbTaskListTest extends TaskListContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
