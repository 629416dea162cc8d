package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.TransactionContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresTransactionTest extends TransactionContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
