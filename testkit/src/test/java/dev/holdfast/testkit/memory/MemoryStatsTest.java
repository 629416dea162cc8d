package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.read.StatsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryStatsTest extends StatsContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
