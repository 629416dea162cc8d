package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.HistoryContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresHistoryTest extends HistoryContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
