package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.SignalsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbSignalsTest extends SignalsContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
