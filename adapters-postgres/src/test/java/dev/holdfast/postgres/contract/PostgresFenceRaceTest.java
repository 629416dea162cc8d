package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.FenceRaceContract;

final class PostgresFenceRaceTest extends FenceRaceContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
