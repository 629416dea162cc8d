package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.postgres.Copies;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * That the hot statements cost the same whatever there is beside them, pending and in the history,
 * with statistics of an empty database and with fresh ones. Counted, not timed: the server's own
 * counters tell what each statement has read, whatever plan it had.
 */
class PlansAtScaleTest {

  private static final int BATCH = 100;
  private static final int ROUNDS = 5;
  private static final int MOST = 500;
  private static final int HELD = 50_000;

  private final PostgresHarness harness = new PostgresHarness();
  private final PostgresStorage storage = (PostgresStorage) harness.storage();
  private final Samples samples = Samples.seeded();
  private final Steps steps = new Steps(storage, samples);

  @AfterEach
  void close() {
    harness.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10_000, 1_000_000})
  void hot_statements_read_what_they_need_beside(int others) throws SQLException {
    steps.submit();
    try (Connection connection = harness.connect()) {
      harness.leaveTablesAlone();
      connection.createStatement().execute("ANALYZE");
      Copies copies = new Copies(connection);
      copies.pending(others);
      copies.completed(others);
    }
    SessionId session = steps.open("a");

    work(session);
    requireCheap("statistics of an empty database", session);
    harness.database().execute("ANALYZE");
    requireCheap("fresh statistics", session);
  }

  @Test
  void runs_are_ended_and_marked_one_by_one_beside_many_that_are_held() throws SQLException {
    steps.submit();
    try (Connection connection = harness.connect()) {
      harness.leaveTablesAlone();
      connection.createStatement().execute("ANALYZE");
      new Copies(connection).pending(HELD);
    }
    SessionId session = steps.open("a");
    for (int held = 0; held < HELD; held += MOST) {
      assertThat(steps.claim(session, MOST)).hasSize(MOST);
    }
    steps.submit(BATCH);
    List<Held> own = steps.claim(session, BATCH);
    Reads before = reads();

    for (Held one : own.subList(0, 3)) {
      steps.start(one);
      steps.progress(one, 0.5);
    }
    assertThat(steps.release(own.get(3))).isPresent();
    assertThat(steps.fail(own.get(4))).isPresent();
    assertThat(steps.complete(own.subList(5, BATCH))).hasSize(BATCH - 5);

    Reads since = reads().since(before);
    assertThat(since.whole).isZero();
    assertThat(since.entries).isLessThan(BATCH * 40L);
  }

  @Test
  void pages_of_a_backlog_and_of_a_small_queue_read_some_steps_and_not_all_there_is()
      throws SQLException {
    steps.submit();
    try (Connection connection = harness.connect()) {
      harness.leaveTablesAlone();
      Copies copies = new Copies(connection);
      copies.pending(HELD);
      copies.completed(HELD);
    }
    QueueName small = new QueueName("small");
    steps.submit(samples.task().inQueue(small.value()));
    Reads before = reads();

    assertThat(page(TaskState.PENDING, null)).hasSize(50);
    assertThat(page(TaskState.PENDING, QueueName.DEFAULT)).hasSize(50);
    assertThat(page(TaskState.PENDING, small)).hasSize(1);
    assertThat(page(TaskState.COMPLETED, small)).isEmpty();
    assertThat(page(TaskState.FAILED, small)).isEmpty();
    assertThat(page(TaskState.SCHEDULED, small)).isEmpty();

    Reads since = reads().since(before);
    assertThat(since.whole).isZero();
    assertThat(since.entries).isLessThan(HELD / 2);
  }

  private NewTask tomorrow() {
    return samples.task().due(new Due.After(Duration.ofDays(1)));
  }

  private List<TaskView> page(TaskState state, @Nullable QueueName queue) {
    return storage.tasks().list(new TaskFilter(null, state, null, queue, null, null, null), 50);
  }

  @Test
  void stats_look_no_waiting_task_up_by_its_id() throws SQLException {
    steps.submit(Collections.nCopies(2_000, tomorrow()));
    harness.leaveTablesAlone();
    Reads before = reads();

    Stats stats = storage.tasks().stats();

    assertThat(stats.queues().get(QueueName.DEFAULT)).containsEntry(TaskState.SCHEDULED, 2_000L);
    assertThat(reads().since(before).entries).isLessThan(1_000);
  }

  @Test
  void waiting_tasks_that_an_older_program_has_put_there_are_counted_and_listed()
      throws SQLException {
    TaskId task = steps.submit(tomorrow()).id();
    harness.database().execute("UPDATE scheduled SET lane = NULL");
    // More than a page's walk, so that the list is of the scheduled tasks themselves.
    steps.submit(1_200);

    assertThat(storage.tasks().stats().queues().get(QueueName.DEFAULT))
        .containsEntry(TaskState.SCHEDULED, 1L);
    assertThat(page(TaskState.SCHEDULED, QueueName.DEFAULT))
        .extracting(view -> view.definition().id())
        .containsExactly(task);
  }

  private void requireCheap(String when, SessionId session) throws SQLException {
    Reads before = reads();
    work(session);
    Reads since = reads().since(before);

    assertThat(since.whole).as("whole reads of a table, with " + when).isZero();
    // Submitted, claimed, completed, asked for by id and listed: some ten entries a task.
    assertThat(since.entries)
        .as("index entries read, with " + when)
        .isLessThan(ROUNDS * BATCH * 40L);
  }

  /** What a node does all the time; each claim gives exactly what was asked for. */
  private void work(SessionId session) {
    for (int round = 0; round < ROUNDS; round++) {
      steps.submit(BATCH);
      List<Held> held = steps.claim(session, BATCH);
      assertThat(held).hasSize(BATCH);
      assertThat(steps.complete(held)).hasSize(BATCH);
      assertThat(storage.tasks().find(held.getFirst().run().task())).isPresent();
    }
    storage.tasks().list(TaskFilter.ALL, 50);
  }

  private Reads reads() throws SQLException {
    List<Long> sums = harness.counters("""
        SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables
         WHERE schemaname = current_schema()
           AND relname ~ '^(task|ready|held|run_end|claim|note|step)'
        UNION ALL
        SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes
         WHERE schemaname = current_schema()
           AND relname ~ '^(task|ready|held|run_end|claim|note|step)'
        """).stream().map(Long::valueOf).toList();
    return new Reads(sums.get(0), sums.get(1));
  }

  /** What was read of the tables that grow. */
  private record Reads(long whole, long entries) {

    Reads since(Reads before) {
      return new Reads(whole - before.whole, entries - before.entries);
    }
  }
}
