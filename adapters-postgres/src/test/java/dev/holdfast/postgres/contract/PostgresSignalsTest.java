package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.SignalsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresSignalsTest extends SignalsContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
