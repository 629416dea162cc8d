package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.ElectionsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryElectionsTest extends ElectionsContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
