package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.ClaimContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbClaimTest extends ClaimContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
