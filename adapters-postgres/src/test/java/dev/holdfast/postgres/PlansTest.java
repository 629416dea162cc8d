package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.history.History.Sweep;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Sessions.Pulse.Alive;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That the statements read what they need and no more, seen by the server's own counters. */
class PlansTest {

  private static final int BACKLOG = 20_000;

  private final PostgresHarness harness = new PostgresHarness();
  private final PostgresStorage storage = (PostgresStorage) harness.storage();
  private final Steps steps = new Steps(storage, Samples.seeded());

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void clock_is_inlined() throws SQLException {
    assertThat(String.join("\n", harness.rows("EXPLAIN VERBOSE SELECT clock()")))
        .contains("clock_timestamp()")
        .doesNotContain("clock() ");
  }

  @Test
  void claims_and_ends_never_read_a_table_whole_with_statistics_of_an_empty_one()
      throws SQLException {
    withoutFreshStatistics();
    fill();
    SessionId session = steps.open("a");
    Map<String, Long> before = wholeReads();

    for (int round = 0; round < 20; round++) {
      assertThat(steps.claim(session, 1)).hasSize(1);
      assertThat(steps.complete(steps.claim(session, 50))).hasSize(50);
    }
    steps.submit(50);
    storage.tasks().list(TaskFilter.ALL, 10);

    assertThat(wholeReads()).isEqualTo(before);
    assertThat(harness.rows("SELECT count(*) FROM ready"))
        .containsExactly(BACKLOG + 50 - 20 * 51 + "");
  }

  @Test
  void heartbeats_read_what_they_need_and_no_more() throws SQLException {
    withoutFreshStatistics();
    fill();
    SessionId session = steps.open("a");
    for (int round = 0; round < 4; round++) {
      steps.claim(session, 500);
    }
    Map<String, Long> before = wholeReads();
    long entries = entriesRead();

    for (int round = 0; round < 20; round++) {
      Outlook outlook = beat(session);
      assertThat(outlook.isBusy()).isTrue();
      assertThat(outlook.isPending()).isTrue();
    }

    assertThat(wholeReads()).isEqualTo(before);
    assertThat(entriesRead() - entries).isBetween(1L, 40L);
  }

  @Test
  void heartbeats_whose_look_takes_long_do_without_it() {
    SessionId session = steps.open("a");
    assertThat(beat(session).isPending()).isFalse();
    steps.submit();
    harness.database().execute("""
        ALTER TABLE ready RENAME TO ready_table;
        CREATE VIEW ready AS SELECT r.* FROM ready_table r, pg_sleep(0.2)
        """);
    Outlook slow = beat(session);
    assertThat(slow.isPending()).isTrue();
    assertThat(slow.isBusy()).isFalse();

    Outlook spared = beat(session);

    assertThat(spared.isPending()).isTrue();
    assertThat(spared.isBusy()).as("what is not looked at counts as there").isTrue();
    assertThat(spared.live()).containsExactly(session);
  }

  private Outlook beat(SessionId session) {
    return ((Alive) storage.sessions().beat(session, new NodeLoad(1, false), null)).outlook();
  }

  @Test
  void claims_read_as_many_entries_as_they_take() throws SQLException {
    fill();
    harness.database().execute("ANALYZE");
    SessionId session = steps.open("a");
    steps.claim(session, 1);
    long before = entriesRead();

    for (int round = 0; round < 20; round++) {
      steps.claim(session, 10);
    }

    assertThat(entriesRead() - before).isBetween(200L, 4_000L);
  }

  @Test
  void removals_never_read_a_table_whole_with_statistics_of_an_empty_one() throws SQLException {
    withoutFreshStatistics();
    fill();
    SessionId session = steps.open("a");
    for (int round = 0; round < 8; round++) {
      assertThat(steps.complete(steps.claim(session, 500))).hasSize(500);
    }
    harness.advance(Duration.ofHours(2));
    Map<String, Long> before = wholeReads();

    Sweep sweep = sweep(null);
    int removed = sweep.removed().size();
    while (sweep.next() != null) {
      sweep = sweep(sweep.next());
      removed += sweep.removed().size();
    }

    assertThat(removed).isEqualTo(8 * 500);
    assertThat(wholeReads()).isEqualTo(before);
    assertThat(harness.rows("SELECT count(*) FROM run_end")).containsExactly("0");
    assertThat(harness.rows("SELECT count(*) FROM claim")).containsExactly("0");
  }

  /** The planner reckons that a look-up visits them all, and would rather read everything. */
  @Test
  void look_ups_in_many_partitions_read_what_they_find_with_fresh_statistics() throws SQLException {
    partition();
    fill();
    SessionId session = steps.open("a");
    List<TaskId> ended = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      steps.complete(steps.claim(session, 500)).forEach(key -> ended.add(key.task()));
    }
    harness.database().execute("ANALYZE");
    List<TaskId> some = ended.subList(1000, 1100);
    long before = historyRead();

    for (int round = 0; round < 5; round++) {
      assertThat(storage.tasks().find(some.get(round))).isPresent();
      assertThat(storage.tasks().states(some)).hasSize(100);
      assertThat(storage.tasks().list(TaskFilter.ALL, 50)).hasSize(50);
      for (TaskState state : TaskState.values()) {
        storage.tasks().list(new TaskFilter(null, state, null, null, null, null, null), 50);
      }
      assertThat(storage.<Map<TaskId, RunEnd>>transact(tx -> tx.facts().lastEnds(some)))
          .hasSize(100);
      assertThat(steps.complete(steps.claim(session, 100))).hasSize(100);
    }

    // Some 500 tasks and ends a round; all of them would be 30,000 for each statement.
    assertThat(historyRead() - before).isBetween(1_000L, 30_000L);
  }

  /** The samples' ids are a millisecond apart: twenty partitions of a second each. */
  private void partition() {
    harness.database().execute("""
            DO $$
            DECLARE
              t text;
              name text;
            BEGIN
              FOR i IN 0..19 LOOP
                FOREACH t IN ARRAY ARRAY['task', 'run_end', 'note', 'step'] LOOP
                  name := t || '_second' || i;
                  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name, t);
                  EXECUTE format(
                    'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', t, name,
                    first_id(timestamptz '2030-01-01 00:00Z' + i * interval '1 second'),
                    first_id(timestamptz '2030-01-01 00:00Z' + (i + 1) * interval '1 second'));
                END LOOP;
              END LOOP;
            END $$
            """);
  }

  private long historyRead() throws SQLException {
    return Long.parseLong(harness.counters("""
        SELECT sum(idx_tup_read) FROM pg_stat_user_indexes
         WHERE schemaname = current_schema() AND relname ~ '^(task|run_end|note)_'
           AND indexrelname NOT LIKE '%xid%'
        """).getFirst());
  }

  private Sweep sweep(@Nullable TaskId after) {
    return storage.transact(
        tx -> tx.history().removeEnded(tx.now().minus(Duration.ofHours(1)), after, 1000));
  }

  private void withoutFreshStatistics() {
    harness.leaveTablesAlone();
    harness.database().execute("ANALYZE");
  }

  private void fill() {
    for (int filled = 0; filled < BACKLOG; filled += 1000) {
      steps.submit(1000);
    }
  }

  /** How often each of the tables that grow was read from its first to its last row. */
  private Map<String, Long> wholeReads() throws SQLException {
    Map<String, Long> reads = new HashMap<>();
    for (String row : harness.counters("""
        SELECT relname || ' ' || seq_scan FROM pg_stat_user_tables
         WHERE schemaname = current_schema()
           AND relname ~ '^(ready|held|task|run_end|claim|note|step)(_|$)'
        """)) {
      String[] parts = row.split(" ", 2);
      reads.put(parts[0], Long.valueOf(parts[1]));
    }
    return reads;
  }

  private long entriesRead() throws SQLException {
    return Long.parseLong(harness.counters("""
        SELECT idx_tup_read FROM pg_stat_user_indexes
         WHERE schemaname = current_schema() AND indexrelname = 'ready_pkey'
        """).getFirst());
  }
}
