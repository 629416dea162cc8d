package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.SessionsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemorySessionsTest extends SessionsContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
