package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.ClaimContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresClaimTest extends ClaimContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
