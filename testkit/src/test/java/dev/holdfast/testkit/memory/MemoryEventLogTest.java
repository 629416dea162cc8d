package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.read.EventLogContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryEventLogTest extends EventLogContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
