package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.RunsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryRunsTest extends RunsContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
