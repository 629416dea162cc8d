package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.read.EventStreamContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryEventStreamTest extends EventStreamContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
