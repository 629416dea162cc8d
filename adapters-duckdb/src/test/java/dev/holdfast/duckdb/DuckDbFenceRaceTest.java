package dev.holdfast.duckdb;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.FenceRaceContract;

final class DuckDbFenceRaceTest extends FenceRaceContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
