package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Samples;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Submissions inside a transaction of the embedder's own. */
class CallersTransactionTest {

  private final PostgresHarness harness = new PostgresHarness();
  private final PostgresStorage storage = (PostgresStorage) harness.storage();
  private final Samples samples = Samples.seeded();
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = harness.database().connect();
    connection.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    harness.close();
  }

  @Test
  void within_commits_with_the_caller() throws SQLException {
    TaskId task = storage.within(connection, this::submit);

    assertThat(storage.tasks().find(task)).isEmpty();
    connection.commit();
    assertThat(storage.tasks().find(task).orElseThrow().state()).isEqualTo(TaskState.PENDING);
  }

  @Test
  void within_rolls_back_with_the_caller_and_leaves_no_lane_that_is_not() throws SQLException {
    TaskId lost = storage.within(connection, this::submit);
    connection.rollback();

    TaskId kept = storage.transact(this::submit);

    assertThat(storage.tasks().find(lost)).isEmpty();
    assertThat(storage.tasks().find(kept)).isPresent();
  }

  @Test
  void within_restores_the_search_path_in_any_case() throws SQLException {
    execute("SET search_path = 'pg_catalog'");

    storage.within(connection, this::submit);
    assertThat(text("SHOW search_path")).isEqualTo("pg_catalog");

    assertThatThrownBy(() -> storage.within(connection, tx -> {
          throw new IllegalArgumentException("mine");
        }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mine");
    assertThat(text("SHOW search_path")).isEqualTo("pg_catalog");

    connection.commit();
    assertThat(text("SHOW search_path")).isEqualTo("pg_catalog");
  }

  @Test
  void within_that_fails_undoes_its_own_work_only() throws SQLException {
    execute("CREATE TEMP TABLE mine(x int) ON COMMIT PRESERVE ROWS");
    execute("INSERT INTO mine VALUES (1)");

    assertThatThrownBy(() -> storage.within(connection, tx -> {
          submit(tx);
          Birth unstorable =
              new Birth(samples.define(samples.task(), tx.now()), new Json("\u0000"), null);
          tx.submissions().create(List.of(unstorable));
          return true;
        }))
        .isInstanceOf(StorageRejected.class);
    connection.commit();

    assertThat(text("SELECT count(*) FROM mine")).isEqualTo("1");
    assertThat(storage.tasks().stats().queues()).isEmpty();
  }

  @Test
  void within_refuses_a_connection_without_a_transaction() throws SQLException {
    connection.setAutoCommit(true);

    assertThatThrownBy(() -> storage.within(connection, this::submit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("autocommit");
  }

  @Test
  void within_passes_on_what_a_closed_connection_says() throws SQLException {
    connection.close();

    assertThatThrownBy(() -> storage.within(connection, this::submit))
        .isInstanceOf(dev.holdfast.domain.port.StorageUnavailable.class);
  }

  private TaskId submit(StorageTx tx) {
    Birth birth = samples.birth(samples.task(), tx.now());
    tx.submissions().create(List.of(birth));
    return birth.definition().id();
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String text(String sql) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
