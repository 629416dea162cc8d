package dev.holdfast.postgres.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.Upkeep.Cleared;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Commands;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A storage at the day of the samples' ids, with partitions from that day on. */
abstract class Partitions {

  static final Duration AGE = Duration.ofDays(10);

  /** The day of which the samples' ids are. */
  static final Instant DAY = Instant.parse("2030-01-01T00:00:00Z");

  final PostgresHarness harness = new PostgresHarness();
  final Samples samples = Samples.seeded();
  final Steps steps = new Steps(harness.storage(), samples);
  final Commands commands = new Commands(harness.storage(), samples);

  /** At that day, where nothing but it and the days after have partitions. */
  @BeforeEach
  void advance() {
    harness.advance(Duration.between(Instant.now(), DAY.plusSeconds(3600)));
    clear();
    harness.storage().upkeep().tidy();
  }

  @AfterEach
  void close() {
    harness.close();
  }

  /** Until nothing is at hand. */
  List<Tally> clear() {
    List<Tally> ended = new ArrayList<>();
    Cleared cleared = harness.storage().upkeep().clear(AGE);
    for (int i = 0; cleared.more() && i < 1000; i++) {
      ended.addAll(cleared.ended());
      cleared = harness.storage().upkeep().clear(AGE);
    }
    assertThat(cleared.more()).isFalse();
    return ended;
  }

  List<TaskId> sweep() {
    return harness
        .storage()
        .transact(tx -> tx.history().removeEnded(tx.now().minus(AGE), null, 1000))
        .removed()
        .stream()
        .map(removed -> removed.task())
        .toList();
  }

  TaskDefinition completed() {
    TaskDefinition task = steps.submit();
    assertThat(steps.complete(steps.claimOne(steps.open("a")))).isTrue();
    return task;
  }

  boolean isThere(TaskDefinition task) {
    return harness.storage().tasks().find(task.id()).isPresent();
  }

  List<String> partitions() {
    return rows("""
        SELECT relname FROM pg_class
         WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'r'
           AND relname ~ '^(task|run_end|note|step)_' ORDER BY 1
        """);
  }

  List<String> rows(String sql) {
    try (Connection connection = connect()) {
      return rows(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  Connection connect() throws SQLException {
    Connection connection = harness.database().connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + harness.settings().schema());
    }
    return connection;
  }

  static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (set.next()) {
        rows.add(set.getString(1));
      }
      return rows;
    }
  }
}
