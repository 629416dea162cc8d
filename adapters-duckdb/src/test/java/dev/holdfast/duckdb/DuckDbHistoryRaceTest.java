package dev.holdfast.duckdb;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.HistoryRaceContract;

final class DuckDbHistoryRaceTest extends HistoryRaceContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
