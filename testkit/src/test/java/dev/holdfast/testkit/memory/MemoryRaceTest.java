package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.RaceContract;

final class MemoryRaceTest extends RaceContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
