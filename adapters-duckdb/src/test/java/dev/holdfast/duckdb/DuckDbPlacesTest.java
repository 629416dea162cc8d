package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.PlacesContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbPlacesTest extends PlacesContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
