package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.HistoryRaceContract;

final class PostgresHistoryRaceTest extends HistoryRaceContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
