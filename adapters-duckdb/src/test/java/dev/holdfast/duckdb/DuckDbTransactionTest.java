package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.TransactionContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbTransactionTest extends TransactionContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
