package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.SubmissionsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresSubmissionsTest extends SubmissionsContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
