package dev.holdfast.duckdb;

import dev.holdfast.testkit.race.CancelRaceContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbCancelRaceTest extends CancelRaceContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
