package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.DependenciesContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresDependenciesTest extends DependenciesContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
