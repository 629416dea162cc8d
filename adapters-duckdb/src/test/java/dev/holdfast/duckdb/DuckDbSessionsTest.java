package dev.holdfast.duckdb;

import dev.holdfast.testkit.contract.SessionsContract;
import dev.holdfast.testkit.harness.StorageHarness;

final class DuckDbSessionsTest extends SessionsContract {

  @Override
  protected StorageHarness open() {
    return new DuckDbHarness();
  }
}
