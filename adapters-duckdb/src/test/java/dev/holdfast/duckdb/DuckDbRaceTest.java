package dev.holdfast.duckdb;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.RaceContract;

final class DuckDbRaceTest extends RaceContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
