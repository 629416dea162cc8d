package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.read.TaskListContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryTaskListTest extends TaskListContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
