package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.PlacesContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryPlacesTest extends PlacesContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
