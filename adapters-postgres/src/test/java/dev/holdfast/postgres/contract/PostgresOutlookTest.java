package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.OutlookContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresOutlookTest extends OutlookContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
