package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.read.RetentionContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryRetentionTest extends RetentionContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
