package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.TransactionContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryTransactionTest extends TransactionContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
