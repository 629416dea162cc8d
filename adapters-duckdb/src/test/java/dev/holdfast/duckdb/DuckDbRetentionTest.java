package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.read.RetentionContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbRetentionTest extends RetentionContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
