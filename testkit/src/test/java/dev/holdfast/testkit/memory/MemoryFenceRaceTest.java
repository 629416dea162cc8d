package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.FenceRaceContract;

final class MemoryFenceRaceTest extends FenceRaceContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
