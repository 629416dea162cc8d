package dev.holdfast.postgres.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.testkit.harness.Steps;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The partitions that are dropped, and those that are kept. */
class OldRangesTest extends Partitions {

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
}
