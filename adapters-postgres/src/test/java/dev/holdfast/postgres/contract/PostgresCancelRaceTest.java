package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.CancelRaceContract;

final class PostgresCancelRaceTest extends CancelRaceContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
