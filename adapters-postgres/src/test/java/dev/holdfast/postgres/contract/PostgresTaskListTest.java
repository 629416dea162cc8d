package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.read.TaskListContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresTaskListTest extends TaskListContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
