package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.read.TaskQueriesContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryTaskQueriesTest extends TaskQueriesContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
