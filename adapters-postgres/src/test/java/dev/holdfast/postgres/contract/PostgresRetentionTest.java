package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.read.RetentionContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresRetentionTest extends RetentionContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
