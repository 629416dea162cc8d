package dev.holdfast.testkit.contract.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many tasks are in which state. */
public abstract class StatsContract extends StorageContract {

  @Test
  void stats_countLiveTasksByQueueAndState() {
    steps().submit(3);
    steps().submit(samples().task().inQueue("mail").due(new Due.After(Duration.ofDays(1))));
    steps().claimOne(steps().open("a"));

    var stats = storage().tasks().stats();

    assertThat(stats.queues())
        .isEqualTo(Map.of(
            QueueName.DEFAULT,
            Map.of(TaskState.PENDING, 2L, TaskState.CLAIMED, 1L),
            new QueueName("mail"),
            Map.of(TaskState.SCHEDULED, 1L)));
    assertThat(stats.now()).isBeforeOrEqualTo(now());
  }

  @Test
  void stats_countEndedTasks() {
    steps().submit(3);
    NewTask urgent = samples().task().withPriority(0);
    TaskDefinition cancelled = steps().submit(urgent);
    assertThat(commands().cancel(cancelled.id())).isTrue();
    assertThat(steps().complete(steps().claim(steps().open("a"), 3))).hasSize(3);
    assertThat(storage().tasks().stats().queues())
        .isEqualTo(
            Map.of(QueueName.DEFAULT, Map.of(TaskState.COMPLETED, 3L, TaskState.CANCELLED, 1L)));
    assertThat(commands().replay(cancelled.id())).isTrue();

    assertThat(storage().tasks().stats().queues())
        .isEqualTo(
            Map.of(QueueName.DEFAULT, Map.of(TaskState.COMPLETED, 3L, TaskState.PENDING, 1L)));
  }

  @Test
  void stats_countWhatACompletionEnds_andNothingElse() {
    steps().submit(2);
    steps().submit(samples().task().inQueue("mail"));
    List<Held> held = steps().claim(steps().open("a"), 3);
    Outcome.Completed outcome = Steps.completed("1", now());
    List<Completion> completions = new ArrayList<>();
    for (Held one : held) {
      RunKey key = one.run().key();
      QueueName queue = storage()
          .tasks()
          .find(key.task())
          .orElseThrow()
          .definition()
          .address()
          .queue();
      completions.add(new Completion(key, queue, outcome));
      completions.add(new Completion(new RunKey(key.task(), 2), queue, outcome));
    }

    assertThat(storage().<Set<RunKey>>atOnce(tx -> tx.runs().complete(completions)))
        .hasSize(3);
    assertThat(storage().tasks().stats().queues())
        .isEqualTo(Map.of(
            new QueueName("mail"),
            Map.of(TaskState.COMPLETED, 1L),
            QueueName.DEFAULT,
            Map.of(TaskState.COMPLETED, 2L)));
  }

  @Test
  void stats_nameTheOldestPendingTask() {
    assertThat(storage().tasks().stats().oldestPendingSince()).isNull();
    TaskDefinition old = steps().submit(samples().task().withPriority(9));
    advance(Duration.ofSeconds(10));
    steps().submit();

    assertThat(storage().tasks().stats().oldestPendingSince()).isEqualTo(old.createdAt());
  }

  @Test
  void stats_countWhatCompletedInTheLastTenSeconds() {
    steps().submit(5);
    SessionId session = steps().open("a");
    assertThat(steps().complete(steps().claim(session, 2))).hasSize(2);
    advance(Duration.ofSeconds(5));
    assertThat(steps().complete(steps().claim(session, 3))).hasSize(3);
    assertThat(storage().tasks().stats().completedLastTenSeconds()).isEqualTo(5);
    advance(Duration.ofSeconds(6));

    assertThat(storage().tasks().stats().completedLastTenSeconds()).isEqualTo(3);
  }

  @Test
  void stats_countWhatCompleted_thoughOlderOnesWereRemoved() {
    steps().submit(2);
    assertThat(steps().complete(steps().claim(steps().open("a"), 2))).hasSize(2);

    transact(
        tx -> tx.facts().count(List.of(new Tally(QueueName.DEFAULT, TaskState.COMPLETED, -1))));

    assertThat(storage().tasks().stats().completedLastTenSeconds()).isEqualTo(2);
    assertThat(storage().tasks().stats().queues())
        .isEqualTo(Map.of(QueueName.DEFAULT, Map.of(TaskState.COMPLETED, 1L)));
  }
}
