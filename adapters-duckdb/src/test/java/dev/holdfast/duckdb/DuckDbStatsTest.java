package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.read.StatsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbStatsTest extends StatsContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
