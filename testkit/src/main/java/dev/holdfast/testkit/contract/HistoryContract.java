package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.history.History.Removed;
import dev.holdfast.domain.port.history.History.Sweep;
import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The end of what is kept: whole tasks that ended long ago, and nothing that others need. */
public abstract class HistoryContract extends StorageContract {

  private static final Duration AGE = Duration.ofHours(1);
  private static final Duration LONGER = Duration.ofHours(2);
  private static final int ALL = 1000;

  private Sweep sweep(@Nullable TaskId after, int limit) {
    return storage().transact(tx -> tx.history().removeEnded(tx.now().minus(AGE), after, limit));
  }

  private List<TaskId> sweep() {
    return sweep(null, ALL).removed().stream().map(Removed::task).toList();
  }

  private boolean isThere(TaskId task) {
    return storage().tasks().find(task).isPresent();
  }

  private TaskDefinition completed() {
    TaskDefinition task = steps().submit();
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();
    return task;
  }

  @Test
  void removeEnded_removesWhatHasEndedLongAgo_andSaysHow() {
    TaskDefinition completed = completed();
    TaskDefinition mail = steps().submit(samples().task().inQueue("mail"));
    assertThat(steps()
            .settle(
                steps().claimOne(steps().open("a")),
                now -> new Outcome.Failed(samples().error(), false, now)))
        .isPresent();
    TaskDefinition cancelled = steps().submit();
    assertThat(commands().cancel(cancelled.id())).isTrue();
    advance(LONGER);

    Sweep sweep = sweep(null, ALL);

    assertThat(sweep.next()).isNull();
    assertThat(sweep.removed())
        .containsExactly(
            new Removed(completed.id(), QueueName.DEFAULT, TaskState.COMPLETED),
            new Removed(mail.id(), new QueueName("mail"), TaskState.FAILED),
            new Removed(cancelled.id(), QueueName.DEFAULT, TaskState.CANCELLED));
    assertThat(storage().tasks().list(TaskFilter.ALL, 10)).isEmpty();
    assertThat(sweep()).isEmpty();
  }

  @Test
  void removeEnded_keepsWhatEndedLaterAndWhatLives() {
    TaskDefinition old = completed();
    TaskDefinition scheduled =
        steps().submit(samples().task().due(new Due.After(Duration.ofDays(9))));
    TaskDefinition upstream = steps().submit();
    TaskDefinition blocked = commands().submitAfter(samples().task(), true, Steps.ids(upstream));
    SessionId session = steps().open("a");
    Held held = steps().claimOne(session);
    TaskDefinition suspended = steps().submit();
    assertThat(steps().suspend(steps().claimOne(session))).isPresent();
    TaskDefinition ready = steps().submit();
    advance(LONGER);
    TaskDefinition young = completedBy(steps().open("b"), ready);

    assertThat(sweep()).containsExactly(old.id());

    assertThat(held.run().task()).isEqualTo(upstream.id());
    for (TaskDefinition kept : List.of(scheduled, upstream, blocked, suspended, young)) {
      assertThat(isThere(kept.id())).isTrue();
    }
  }

  /** Completes a task that is pending already. */
  private TaskDefinition completedBy(SessionId session, TaskDefinition pending) {
    Held held = steps().claimOne(session);
    assertThat(held.run().task()).isEqualTo(pending.id());
    assertThat(steps().complete(held)).isTrue();
    return pending;
  }

  @Test
  void removeEnded_leavesNothingOfATask() {
    KeyOwner owner = keyed();
    TaskId task = owner.task();
    advance(LONGER);

    assertThat(sweep()).containsExactly(task);

    assertThat(isThere(task)).isFalse();
    assertThat(storage().tasks().states(List.of(task))).isEmpty();
    assertThat(storage().events().ofTask(task, 0, 100)).isEmpty();
    transact(tx -> {
      assertThat(tx.facts().definitions(List.of(task))).isEmpty();
      assertThat(tx.facts().lastEnds(List.of(task))).isEmpty();
      assertThat(tx.steps().of(task)).isEmpty();
      assertThat(tx.dependencies().downstream(List.of(task), null, 10)).isEmpty();
      assertThat(tx.dependencies().upstream(List.of(task))).isEmpty();
      assertThat(tx.dependencies().takeDeferred(10)).isEmpty();
      assertThat(tx.submissions().takeKeys(List.of(owner))).isEmpty();
    });
    advance(Duration.ofDays(30));
    List<TaskId> expired = storage().transact(tx -> tx.places().takeExpired(10));
    assertThat(expired).isEmpty();
  }

  /** An ended task that has everything: key, expiry, steps, notes, edges, something put off. */
  private KeyOwner keyed() {
    TaskId upstream = samples().taskId();
    TaskId downstream = samples().taskId();
    KeyOwner owner = storage().transact(tx -> {
      Instant now = tx.now();
      TaskDefinition task = samples().rich(now.minus(Duration.ofDays(1)));
      KeyOwner key = new KeyOwner(new Namespace("default"), key(task), task.id(), "print");
      tx.submissions().takeKeys(List.of(key));
      tx.submissions()
          .create(List.of(new Birth(
              task,
              Json.NULL,
              Lifecycle.unblock(task, born(task), now.plusSeconds(9999)).next())));
      tx.places().expireAt(Map.of(task.id(), now.plus(Duration.ofDays(3))));
      tx.dependencies().link(List.of(new Edge(upstream, task.id(), true)));
      tx.dependencies().link(List.of(new Edge(task.id(), downstream, false)));
      tx.dependencies().defer(List.of(new Deferred(task.id(), null)));
      return key;
    });
    Held held = steps().claimOne(steps().open("n1"));
    transact(tx -> tx.steps()
        .record(
            List.of(new StepResult(held.run().key(), held.lease().session(), "s", new Json("1")))));
    steps().progress(held, 50);
    assertThat(steps().complete(held)).isTrue();
    return owner;
  }

  private static String key(TaskDefinition task) {
    return Objects.requireNonNull(task.identity().idempotencyKey());
  }

  private static Place.Blocked born(TaskDefinition task) {
    return (Place.Blocked) Lifecycle.born(task, 1, Marks.NONE);
  }

  @Test
  void removeEnded_keepsWhatALiveTaskDependsOn() {
    TaskDefinition upstream = completed();
    TaskDefinition downstream = commands().submitAfter(samples().task(), true, Steps.ids(upstream));
    advance(LONGER);

    assertThat(sweep()).isEmpty();
    Held held = steps().claimOne(steps().open("b"));
    assertThat(sweep()).isEmpty();
    assertThat(steps().complete(held)).isTrue();

    // Nobody reads its result any more.
    assertThat(sweep()).containsExactly(upstream.id());
    assertThat(isThere(downstream.id())).isTrue();
    advance(LONGER);
    assertThat(sweep()).containsExactly(downstream.id());
  }

  @Test
  void removeEnded_goesByTheLastEnd() {
    TaskDefinition task = steps().submit();
    assertThat(commands().cancel(task.id())).isTrue();
    advance(LONGER);
    assertThat(commands().replay(task.id())).isTrue();
    assertThat(sweep()).isEmpty();
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();
    assertThat(sweep()).isEmpty();

    advance(LONGER);

    assertThat(sweep(null, ALL).removed())
        .containsExactly(new Removed(task.id(), QueueName.DEFAULT, TaskState.COMPLETED));
  }

  @Test
  void removeEnded_looksAtSoManyAndTellsWhereToGoOn() {
    List<TaskDefinition> tasks = steps().submit(5);
    List<Held> held = steps().claim(steps().open("a"), 5);
    assertThat(steps().complete(List.of(held.get(0), held.get(2), held.get(3)))).hasSize(3);
    advance(LONGER);

    Sweep first = sweep(null, 2);
    Sweep second = sweep(first.next(), 2);
    Sweep third = sweep(second.next(), 2);

    assertThat(first.removed())
        .extracting(Removed::task)
        .containsExactly(tasks.get(0).id());
    assertThat(first.next()).isEqualTo(tasks.get(1).id());
    assertThat(second.removed())
        .extracting(Removed::task)
        .containsExactly(tasks.get(2).id(), tasks.get(3).id());
    assertThat(third.removed()).isEmpty();
    assertThat(third.next()).isNull();
  }

  @Test
  void removeEnded_endsItsPassWhereNothingCanBeOldEnough() {
    completed();
    TaskDefinition last = completed();
    advance(LONGER);
    steps().submit(4);

    assertThat(sweep(null, 2).next()).isEqualTo(last.id());
    assertThat(sweep(last.id(), 2).next()).isNull();
  }

  @Test
  void removeEnded_isTakenBackWithItsTransaction() {
    TaskDefinition task = completed();
    advance(LONGER);
    try {
      transact(tx -> {
        assertThat(tx.history().removeEnded(tx.now(), null, ALL).removed()).hasSize(1);
        throw new IllegalStateException("no");
      });
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("no");
    }

    assertThat(storage().events().ofTask(task.id(), 0, 10)).hasSize(4);
    assertThat(sweep()).containsExactly(task.id());
  }
}
