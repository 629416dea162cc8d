package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.FactsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbFactsTest extends FactsContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
