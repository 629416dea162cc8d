package dev.holdfast.duckdb;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.DependencyRaceContract;

final class DuckDbDependencyRaceTest extends DependencyRaceContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
