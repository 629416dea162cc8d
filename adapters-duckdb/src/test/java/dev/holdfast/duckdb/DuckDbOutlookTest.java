package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.OutlookContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbOutlookTest extends OutlookContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
