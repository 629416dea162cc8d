package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.StepsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbStepsTest extends StepsContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
