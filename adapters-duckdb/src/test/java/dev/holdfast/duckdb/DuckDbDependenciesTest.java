package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.DependenciesContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbDependenciesTest extends DependenciesContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
