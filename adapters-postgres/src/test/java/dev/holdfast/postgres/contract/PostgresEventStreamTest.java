package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.read.EventStreamContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresEventStreamTest extends EventStreamContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
