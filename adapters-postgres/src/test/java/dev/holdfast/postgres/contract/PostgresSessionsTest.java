package dev.holdfast.postgres.contract;

import dev.holdfast.testkit.contract.SessionsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class PostgresSessionsTest extends SessionsContract {

  @Override
  protected StorageHarness open() {
    return new PostgresHarness();
  }
}
