package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.ElectionsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbElectionsTest extends ElectionsContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
