package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.RunsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbRunsTest extends RunsContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
