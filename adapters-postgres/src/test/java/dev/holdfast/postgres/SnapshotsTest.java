package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.contract.PostgresHarness;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gauges of what holds back vacuum and the event stream. */
class SnapshotsTest {

  private static final String SNAPSHOT = "holdfast.postgres.oldest.snapshot.seconds";
  private static final String LAG = "holdfast.events.lag.seconds";

  private final PostgresHarness harness = new PostgresHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  private Map<String, Double> gauges() {
    return harness.storage().upkeep().gauges();
  }

  /** Other tests may hold some for a moment too, so it is waited until they do not. */
  private void awaitBelow(String gauge, double bound) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (gauges().get(gauge) >= bound) {
      assertThat(System.nanoTime()).isLessThan(end);
    }
  }

  @Test
  void gauges_tell_of_an_old_snapshot_and_of_a_transaction_that_has_written() throws SQLException {
    awaitBelow(SNAPSHOT, 0.2);
    try (Connection reader = harness.database().connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("SELECT 1 FROM pg_class LIMIT 1");
      statement.execute("SELECT pg_sleep(0.3)");

      assertThat(gauges().get(SNAPSHOT)).isGreaterThan(0.3);
      awaitBelow(LAG, 0.2);

      statement.execute("SELECT pg_current_xact_id()");
      assertThat(gauges().get(LAG)).isGreaterThan(0.3);
    }
    awaitBelow(LAG, 0.2);
  }
}
