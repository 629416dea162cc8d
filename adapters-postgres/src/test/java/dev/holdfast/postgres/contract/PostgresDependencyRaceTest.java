package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.DependencyRaceContract;

final class PostgresDependencyRaceTest extends DependencyRaceContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
