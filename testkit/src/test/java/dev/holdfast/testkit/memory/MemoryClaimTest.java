package dev.holdfast.testkit.memory;

import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.ClaimContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class MemoryClaimTest extends ClaimContract {

  @Override
  protected StorageHarness open() {
    return new InMemoryHarness();
  }
}
