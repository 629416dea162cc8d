package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.HistoryContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryHistoryTest extends HistoryContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
