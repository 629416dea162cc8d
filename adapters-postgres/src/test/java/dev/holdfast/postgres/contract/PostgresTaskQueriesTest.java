package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.read.TaskQueriesContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresTaskQueriesTest extends TaskQueriesContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
