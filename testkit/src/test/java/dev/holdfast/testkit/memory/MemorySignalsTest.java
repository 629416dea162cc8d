package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.SignalsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemorySignalsTest extends SignalsContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
