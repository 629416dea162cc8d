package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.RaceContract;

final class PostgresRaceTest extends RaceContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
