package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.read.StatsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresStatsTest extends StatsContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
