package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.read.EventLogContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresEventLogTest extends EventLogContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
