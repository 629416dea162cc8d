package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.FactsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresFactsTest extends FactsContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
