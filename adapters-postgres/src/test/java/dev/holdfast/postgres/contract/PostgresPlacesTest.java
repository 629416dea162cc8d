package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.PlacesContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresPlacesTest extends PlacesContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
