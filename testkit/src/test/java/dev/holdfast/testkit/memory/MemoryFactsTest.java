package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.FactsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryFactsTest extends FactsContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
