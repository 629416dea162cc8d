package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.RunsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresRunsTest extends RunsContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
