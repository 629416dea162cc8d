package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.HistoryContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbHistoryTest extends HistoryContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
