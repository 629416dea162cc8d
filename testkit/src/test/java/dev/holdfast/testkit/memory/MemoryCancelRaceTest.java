package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.CancelRaceContract;

final class MemoryCancelRaceTest extends CancelRaceContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
