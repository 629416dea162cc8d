package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.StepsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryStepsTest extends StepsContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
