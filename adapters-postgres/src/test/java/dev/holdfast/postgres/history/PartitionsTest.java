package dev.holdfast.postgres.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.Upkeep.Cleared;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
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
import org.junit.jupiter.api.Test;

/** The tables that keep what was, apart by time: made ahead, and dropped whole. */
class PartitionsTest {

  private static final Duration AGE = Duration.ofDays(10);

  /** The day of which the samples' ids are. */
  private static final Instant DAY = Instant.parse("2030-01-01T00:00:00Z");

  private final PostgresHarness harness = new PostgresHarness();
  private final Samples samples = Samples.seeded();
  private final Steps steps = new Steps(harness.storage(), samples);
  private final Commands commands = new Commands(harness.storage(), samples);

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
  private List<Tally> clear() {
    List<Tally> ended = new ArrayList<>();
    Cleared cleared = harness.storage().upkeep().clear(AGE);
    for (int i = 0; cleared.more() && i < 1000; i++) {
      ended.addAll(cleared.ended());
      cleared = harness.storage().upkeep().clear(AGE);
    }
    assertThat(cleared.more()).isFalse();
    return ended;
  }

  private List<TaskId> sweep() {
    return harness
        .storage()
        .transact(tx -> tx.history().removeEnded(tx.now().minus(AGE), null, 1000))
        .removed()
        .stream()
        .map(removed -> removed.task())
        .toList();
  }

  private TaskDefinition completed() {
    TaskDefinition task = steps.submit();
    assertThat(steps.complete(steps.claimOne(steps.open("a")))).isTrue();
    return task;
  }

  private boolean isThere(TaskDefinition task) {
    return harness.storage().tasks().find(task.id()).isPresent();
  }

  private List<String> partitions() {
    return rows("""
        SELECT relname FROM pg_class
         WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'r'
           AND relname ~ '^(task|run_end|note|step)_' ORDER BY 1
        """);
  }

  private List<String> rows(String sql) {
    try (Connection connection = connect()) {
      return rows(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = harness.database().connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + harness.settings().schema());
    }
    return connection;
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (set.next()) {
        rows.add(set.getString(1));
      }
      return rows;
    }
  }

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
        """)).containsExactly("p20300411 3 days");
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
  void clear_drops_a_partition_of_which_everything_ended_long_ago() {
    TaskDefinition completed = completed();
    TaskDefinition cancelled = steps.submit(samples.task().inQueue("mail"));
    assertThat(commands.cancel(cancelled.id())).isTrue();
    TaskDefinition after = commands.submitAfter(samples.task(), true, Steps.ids(completed));
    assertThat(steps.complete(steps.claimOne(steps.open("b")))).isTrue();
    KeyOwner key = new KeyOwner(new Namespace("default"), "key", completed.id(), "print");
    take(key);
    harness.database().execute("UPDATE task SET key = 'key' WHERE id = '" + completed.id() + "'");
    EventPosition before = harness.storage().events().start();
    harness.advance(AGE.plusDays(1));
    assertThat(sweep()).isEmpty();

    assertThat(clear())
        .containsExactlyInAnyOrder(
            new Tally(QueueName.DEFAULT, TaskState.COMPLETED, 2),
            new Tally(new QueueName("mail"), TaskState.CANCELLED, 1));

    assertThat(partitions()).doesNotContain("task_p20300101", "step_p20300101").hasSize(4 * 3);
    assertThat(List.of(completed, cancelled, after)).noneMatch(this::isThere);
    assertThat(harness.storage().tasks().stats().queues()).isEmpty();
    assertThat(harness.storage().events().isKept(before)).isFalse();
    assertThat(rows("SELECT up FROM edge UNION SELECT task FROM idem")).isEmpty();
    assertThat(rows("SELECT id FROM claim")).isEmpty();
    assertThat(take(key)).isEmpty();
  }

  private List<KeyOwner> take(KeyOwner key) {
    return harness.storage().transact(tx -> tx.submissions().takeKeys(List.of(key)));
  }

  @Test
  void clear_keeps_a_partition_with_a_live_task_whose_other_tasks_go_row_by_row() {
    TaskDefinition live = steps.submit();
    Held held = steps.claimOne(steps.open("b"));
    TaskDefinition ended = completed();
    harness.advance(AGE.plusDays(1));

    assertThat(clear()).isEmpty();

    assertThat(partitions()).contains("task_p20300101");
    assertThat(sweep()).containsExactly(ended.id());
    assertThat(isThere(live)).isTrue();

    assertThat(steps.complete(held)).isTrue();
    harness.advance(AGE.plusDays(1));
    assertThat(clear()).containsExactly(new Tally(QueueName.DEFAULT, TaskState.COMPLETED, 1));
    assertThat(partitions()).doesNotContain("task_p20300101");
  }

  @Test
  void clear_finds_a_live_task_wherever_it_waits() {
    TaskDefinition upstream = steps.submit();
    commands.submitAfter(samples.task(), true, Steps.ids(upstream));
    assertThat(steps.complete(steps.claimOne(steps.open("a")))).isTrue();
    harness.advance(AGE.plusDays(1));

    assertThat(clear()).isEmpty();

    assertThat(partitions()).contains("task_p20300101");
  }

  @Test
  void clear_keeps_what_a_live_task_of_another_time_depends_on() {
    TaskDefinition upstream = completed();
    TaskDefinition downstream = commands.submitAfter(samples.task(), true, Steps.ids(upstream));
    // As if it had been made later.
    String later = downstream.id().toString().replaceFirst("^.{13}", "01b8f3b1-0000");
    for (String column : List.of("task.id", "ready.task", "edge.down")) {
      String[] of = column.split("\\.", 2);
      harness
          .database()
          .execute("UPDATE %1$s SET %2$s = '%3$s' WHERE %2$s = '%4$s'"
              .formatted(of[0], of[1], later, downstream.id()));
    }
    harness.advance(AGE.plusDays(1));

    assertThat(clear()).isEmpty();

    assertThat(isThere(upstream)).isTrue();
    assertThat(rows("SELECT name FROM history_range WHERE sparse")).containsExactly("p20300101");
  }

  @Test
  void clear_waits_for_ends_that_are_young() {
    TaskDefinition task = steps.submit();
    Held held = steps.claimOne(steps.open("b"));
    harness.advance(Duration.ofDays(1));
    assertThat(steps.complete(held)).isTrue();
    harness.advance(AGE.minusHours(1));
    assertThat(clear()).isEmpty();
    assertThat(rows("SELECT name FROM history_range WHERE sparse")).isEmpty();
    assertThat(isThere(task)).isTrue();

    harness.advance(Duration.ofHours(2));

    assertThat(clear()).hasSize(1);
    assertThat(isThere(task)).isFalse();
  }

  @Test
  void clear_does_not_wait_for_long() {
    TaskDefinition early = completed();
    TaskDefinition late = steps.submit();
    Held held = steps.claimOne(steps.open("b"));
    harness.advance(AGE);
    assertThat(steps.complete(held)).isTrue();
    harness.advance(Duration.ofDays(1));

    assertThat(clear()).isEmpty();

    assertThat(sweep()).containsExactly(early.id());
    assertThat(isThere(late)).isTrue();
  }

  @Test
  void clear_drops_what_a_crash_left_behind() {
    TaskDefinition task = completed();
    harness.database().execute("SELECT detach_range('p20300101', horizon() + 1000)");
    assertThat(isThere(task)).isFalse();
    assertThat(partitions()).contains("task_p20300101");

    clear();

    assertThat(partitions()).doesNotContain("task_p20300101");
    assertThat(rows("SELECT name FROM history_range WHERE detached")).isEmpty();
  }

  @Test
  void detach_range_does_nothing_when_something_was_written_since() {
    TaskDefinition task = steps.submit();
    String horizon = rows("SELECT horizon()").getFirst();
    assertThat(commands.cancel(task.id())).isTrue();

    assertThat(rows("SELECT detach_range('p20300101', " + horizon + ")")).containsExactly("used");

    assertThat(isThere(task)).isTrue();
    assertThat(rows("SELECT detach_range('p20291231', " + horizon + ")")).containsExactly("used");
  }

  @Test
  void a_reader_with_an_old_snapshot_neither_breaks_nor_blocks() throws SQLException {
    completed();
    harness.advance(AGE.plusDays(1));
    try (Connection idle = connect();
        Connection busy = connect()) {
      for (Connection reader : List.of(idle, busy)) {
        reader.setAutoCommit(false);
        reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        rows(reader, "SELECT id FROM lane");
      }
      assertThat(rows(busy, "SELECT id FROM task")).hasSize(1);

      // Whoever has read the tables keeps them; nobody is held up.
      assertThat(clear()).isEmpty();
      TaskDefinition next = completed();
      assertThat(isThere(next)).isTrue();
      busy.rollback();

      harness.advance(AGE.plusDays(1));
      assertThat(clear()).hasSize(1);
      assertThat(rows(idle, "SELECT id FROM task")).isEmpty();
    }
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
