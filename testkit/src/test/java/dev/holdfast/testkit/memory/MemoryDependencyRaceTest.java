package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.DependencyRaceContract;

final class MemoryDependencyRaceTest extends DependencyRaceContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
