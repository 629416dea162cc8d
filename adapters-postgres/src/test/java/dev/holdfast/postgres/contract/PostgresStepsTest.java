package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.StepsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresStepsTest extends StepsContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
