package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.OutlookContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryOutlookTest extends OutlookContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
