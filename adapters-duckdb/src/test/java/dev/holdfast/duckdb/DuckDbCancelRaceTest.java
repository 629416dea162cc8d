package dev.holdfast.duckdb;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.CancelRaceContract;

final class DuckDbCancelRaceTest extends CancelRaceContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
