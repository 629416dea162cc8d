package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.HistoryRaceContract;

final class MemoryHistoryRaceTest extends HistoryRaceContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
