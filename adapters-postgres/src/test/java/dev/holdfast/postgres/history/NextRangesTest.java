package dev.holdfast.postgres.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.task.TaskDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The partitions that are made ahead, and that look-ups find. */
class NextRangesTest extends Partitions {

  @Test
  void tidy_makes_the_partitions_of_the_next_days() {
    assertThat(partitions())
        .containsExactly(
            "note_other",
            "note_p20300101",
            "note_p20300102",
            "note_p20300103",
            "run_end_other",
            "run_end_p20300101",
            "run_end_p20300102",
            "run_end_p20300103",
            "step_other",
            "step_p20300101",
            "step_p20300102",
            "step_p20300103",
            "task_other",
            "task_p20300101",
            "task_p20300102",
            "task_p20300103");

    completed();

    assertThat(rows(
            "SELECT tableoid::regclass FROM task UNION SELECT tableoid::regclass FROM run_end"))
        .containsExactlyInAnyOrder("task_p20300101", "run_end_p20300101");
  }

  @Test
  void tidy_goes_on_where_the_partitions_end_and_makes_them_wider_when_much_is_kept() {
    harness.advance(Duration.ofDays(2));
    harness.another().upkeep().tidy();
    assertThat(partitions()).contains("task_p20300104", "task_p20300105").hasSize(4 * 6);

    harness.advance(Duration.ofDays(98));
    harness.another().upkeep().tidy();

    assertThat(rows("""
        SELECT name || ' ' || time_of(upper) - time_of(lower)
          FROM history_range WHERE name > 'p20300105'
        """)).containsExactly("p20300411 9 days");
  }

  @Test
  void tidy_leaves_a_day_to_the_default_partition_that_has_rows_of_it() {
    harness.database().execute("""
        INSERT INTO task(id, lane, priority, ord, max_attempts, flags, created_at, payload)
        SELECT first_id('2030-01-04 12:00Z'), 1, 1, 1, 1, 1, clock(), ''
        """);
    harness.advance(Duration.ofDays(2));

    harness.another().upkeep().tidy();

    assertThat(partitions())
        .contains("task_p20300105")
        .doesNotContain("task_p20300104")
        .hasSize(4 * 5);
  }

  @Test
  void tidy_gives_up_at_once_where_others_use_the_tables() throws SQLException {
    harness.advance(Duration.ofDays(2));
    Storage storage = harness.another();
    try (Connection reader = connect()) {
      reader.setAutoCommit(false);
      rows(reader, "SELECT id FROM task");

      storage.upkeep().tidy();

      assertThat(partitions()).hasSize(4 * 4);
    }
    storage.upkeep().tidy();
    assertThat(partitions()).hasSize(4 * 6);
  }

  @Test
  void a_look_by_id_touches_one_partition() throws SQLException {
    TaskDefinition task = completed();
    try (Connection connection = connect()) {
      for (String set : List.of(
          "plan_cache_mode = force_generic_plan",
          "enable_seqscan = off",
          "enable_hashjoin = off",
          "enable_mergejoin = off")) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET " + set);
        }
      }
      assertThat(executed(
              connection, "uuid", "SELECT payload FROM task WHERE id = $1", "'" + task.id() + "'"))
          .containsExactly("task_p20300101");
      assertThat(executed(connection, "uuid[]", """
          SELECT t.id, e.run FROM unnest($1) i(id) JOIN task t ON t.id = i.id
            JOIN run_end e ON e.task = i.id
          """, "'{" + task.id() + "}'"))
          .containsExactlyInAnyOrder("task_p20300101", "run_end_p20300101");
      assertThat(executed(
              connection, "uuid", "SELECT * FROM overview WHERE id = $1", "'" + task.id() + "'"))
          .allMatch(name -> name.endsWith("_p20300101"));
    }
  }

  /** The partitions that a prepared statement reads. */
  private static List<String> executed(Connection connection, String type, String sql, String value)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PREPARE look(" + type + ") AS " + sql);
    }
    List<String> plan =
        rows(connection, "EXPLAIN (ANALYZE, COSTS off, TIMING off) EXECUTE look(" + value + ")");
    try (Statement statement = connection.createStatement()) {
      statement.execute("DEALLOCATE look");
    }
    return plan.stream()
        .filter(line -> line.contains(" on ") && !line.contains("never executed"))
        .map(line -> line.replaceFirst(".* on (\\w+).*", "$1"))
        .filter(name -> name.matches("(task|run_end|note|step)_(p.*|first|other)"))
        .distinct()
        .toList();
  }
}
