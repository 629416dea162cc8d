package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.SubmissionsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemorySubmissionsTest extends SubmissionsContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
