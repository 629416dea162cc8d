package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.DependenciesContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryDependenciesTest extends DependenciesContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
