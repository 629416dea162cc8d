package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.ElectionsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresElectionsTest extends ElectionsContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
