package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the storage needs of its user, and the upkeep of its tables. */
class RolesTest {

  private final PostgresHarness harness = new PostgresHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void storage_works_for_a_user_who_owns_nothing() {
    String schema = harness.settings().schema();
    String user = schema + "_user";
    harness.database().execute("""
        CREATE ROLE %1$s LOGIN PASSWORD 'pw';
        GRANT USAGE ON SCHEMA %2$s TO %1$s;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %2$s TO %1$s
        """.formatted(user, schema));
    PostgresSettings settings =
        PostgresSettings.of(harness.settings().url(), user, "pw").inSchema(schema);
    try (PostgresStorage storage = PostgresStorage.open(settings)) {
      Steps steps = new Steps(storage, Samples.seeded());
      var task = steps.submit();
      assertThat(steps.complete(steps.claimOne(steps.open("a")))).isTrue();
      harness.advance(Duration.ofDays(2));
      storage.upkeep().tidy();
      assertThat(storage.upkeep().clear(Duration.ofDays(1)).more()).isTrue();

      assertThat(storage.tasks().find(task.id()).orElseThrow().state())
          .isEqualTo(TaskState.COMPLETED);
      assertThat(storage.events().page(storage.events().start(), 10).entries()).hasSize(4);
    } finally {
      harness.database().execute("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(user));
    }
  }

  @Test
  void partitions_are_dropped_for_nobody_who_may_not_delete() {
    String user = harness.settings().schema() + "_reader";
    harness.database().execute("""
        CREATE ROLE %1$s LOGIN PASSWORD 'pw';
        GRANT USAGE ON SCHEMA %2$s TO %1$s;
        GRANT SELECT ON ALL TABLES IN SCHEMA %2$s TO %1$s
        """.formatted(user, harness.settings().schema()));
    try (Connection connection = DriverManager.getConnection(harness.settings().url(), user, "pw");
        var statement = connection.createStatement()) {
      statement.execute("SET search_path = " + harness.settings().schema());
      for (String call : List.of("add_range()", "detach_range('first', 0)", "drop_range()")) {
        assertThatThrownBy(() -> statement.execute("SELECT " + call))
            .hasMessageContaining("only who may delete tasks");
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    } finally {
      harness.database().execute("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(user));
    }
  }

  @Test
  void tidy_vacuums_a_place_that_is_full_of_dead_rows() {
    harness.database().execute("""
        ALTER TABLE ready SET (autovacuum_enabled = off);
        INSERT INTO ready SELECT 1, 1, i, gen_random_uuid(), 1, 1, 1, 0
          FROM generate_series(1, 21000) i;
        DELETE FROM ready
        """);
    awaitTrue("SELECT n_dead_tup > 20000 FROM pg_stat_user_tables WHERE relid = 'ready'::regclass");

    harness.storage().upkeep().tidy();

    awaitTrue("SELECT vacuum_count = 1 FROM pg_stat_user_tables WHERE relid = 'ready'::regclass");
  }

  /** Statistics arrive a moment after what they tell of. */
  private void awaitTrue(String sql) {
    while (true) {
      try (var connection = harness.database().connect();
          var statement = connection.createStatement()) {
        statement.execute("SET search_path = " + harness.settings().schema());
        try (var rows = statement.executeQuery(sql)) {
          if (rows.next() && rows.getBoolean(1)) {
            return;
          }
        }
      } catch (java.sql.SQLException e) {
        throw new AssertionError(e);
      }
    }
  }
}
