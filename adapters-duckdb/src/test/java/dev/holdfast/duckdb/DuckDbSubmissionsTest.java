package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.SubmissionsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbSubmissionsTest extends SubmissionsContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
