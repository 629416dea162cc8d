package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.read.TaskView.Lease;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads of single tasks and lists. */
public abstract class TaskQueriesContract extends StorageContract {

  private static final NodeId A = new NodeId("a");

  private TaskView view(TaskId task) {
    return storage().tasks().find(task).orElseThrow();
  }

  private TaskView view(Held held) {
    return view(held.run().task());
  }

  private static TaskError failure(TaskView view) {
    return Objects.requireNonNull(view.error());
  }

  @Test
  void find_knowsNoTaskThatDoesNotExist() {
    assertThat(storage().tasks().find(samples().taskId())).isEmpty();
  }

  @Test
  void find_showsAPendingTask() {
    TaskDefinition task = steps().submit();

    TaskView view = view(task.id());
    assertThat(view.definition()).isEqualTo(task);
    assertThat(view.state()).isEqualTo(TaskState.PENDING);
    assertThat(view.attempt()).isZero();
    assertThat(view.version()).isEqualTo(1);
    assertThat(view.queuePosition()).isEqualTo(1);
    assertThat(view.dependsOn()).isEmpty();
    assertThat(view.cancelRequested()).isFalse();
    assertThat(new Object[] {
          view.lease(),
          view.progress(),
          view.dueAt(),
          view.expiresAt(),
          view.startedAt(),
          view.finishedAt(),
          view.result(),
          view.error()
        })
        .containsOnlyNulls();
  }

  @Test
  void find_showsWhoHoldsATask() {
    steps().submit();
    var answer = (ClaimAnswer.Claimed) steps().ask(steps().open("a"), 1);
    Held held = answer.assignments().getFirst().held();

    TaskView view = view(held);
    assertThat(view.state()).isEqualTo(TaskState.CLAIMED);
    assertThat(view.attempt()).isEqualTo(1);
    assertThat(view.version()).isEqualTo(2);
    assertThat(view.lease()).isEqualTo(new Lease(A, 1, answer.at()));
    assertThat(view.queuePosition()).isNull();
    assertThat(view.startedAt()).isNull();
  }

  @Test
  void find_showsARunningTask() {
    steps().submit();
    Held held = steps().progress(steps().claimOne(steps().open("a")), 40);
    Held asked = steps().askCancel(held, "enough");

    TaskView view = view(asked);
    assertThat(view.state()).isEqualTo(TaskState.RUNNING);
    assertThat(view.startedAt()).isEqualTo(held.startedAt());
    assertThat(view.progress()).isEqualTo(new Progress(40, "at 40.0"));
    assertThat(view.cancelRequested()).isTrue();
    assertThat(view.version()).isEqualTo(5);
  }

  @Test
  void find_showsACompletedTask() {
    steps().submit();
    Held held = steps().claimOne(steps().open("a"));
    advance(Duration.ofSeconds(1));
    assertThat(steps().complete(held)).isTrue();

    TaskView view = view(held);
    assertThat(view.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(view.attempt()).isEqualTo(1);
    assertThat(view.result()).isEqualTo(new Json("{\"ok\": true}"));
    assertThat(view.error()).isNull();
    assertThat(view.startedAt()).isNotNull();
    assertThat(view.finishedAt()).isEqualTo(view.startedAt());
    assertThat(Objects.requireNonNull(view.lease()).node()).isEqualTo(A);
    assertThat(view.payload()).isNotNull();
  }

  @Test
  void find_showsTheLastFailureOfATaskThatIsTriedAgain() {
    steps().submit();
    SessionId session = steps().open("a");
    Held held = steps().claimOne(session);
    assertThat(steps().fail(held)).isPresent();

    TaskView view = view(held);
    assertThat(view.state()).isEqualTo(TaskState.SCHEDULED);
    assertThat(view.attempt()).isEqualTo(1);
    assertThat(view.error()).isEqualTo(samples().error());
    assertThat(view.dueAt()).isAfter(now());
    assertThat(Objects.requireNonNull(view.lease()).fence()).isEqualTo(1);
    assertThat(view.startedAt()).isNull();
    advance(Duration.ofSeconds(5));
    assertThat(steps().promote(1)).isEqualTo(1);
    Held second = steps().claimOne(session);
    assertThat(view(second).attempt()).isEqualTo(2);
    assertThat(view(second).error()).isEqualTo(samples().error());
    assertThat(steps().complete(second)).isTrue();
    assertThat(view(second).error()).isNull();
    assertThat(view(second).attempt()).isEqualTo(2);
  }

  @Test
  void find_showsAReleasedTaskWithoutItsAttempt() {
    steps().submit();
    Held held = steps().claimOne(steps().open("a"));
    assertThat(steps().release(held)).isPresent();

    TaskView view = view(held);
    assertThat(view.state()).isEqualTo(TaskState.PENDING);
    assertThat(view.attempt()).isZero();
    assertThat(view.version()).isEqualTo(3);
    assertThat(Objects.requireNonNull(view.lease()).fence()).isEqualTo(1);
  }

  @Test
  void find_showsATaskThatWasCancelledBeforeItsFirstClaim() {
    TaskDefinition task = steps().submit();
    assertThat(commands().cancel(task.id())).isTrue();

    TaskView view = view(task.id());
    assertThat(view.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(view.attempt()).isZero();
    assertThat(view.lease()).isNull();
    assertThat(view.startedAt()).isNull();
    assertThat(view.finishedAt()).isNotNull();
    assertThat(failure(view)).isEqualTo(TaskError.of(TaskError.CANCELLED, "no more"));
  }

  @Test
  void find_showsTheLastHolderOfATaskThatWasCancelledWhileItWaited() {
    steps().submit();
    Held held = steps().claimOne(steps().open("a"));
    assertThat(steps().fail(held)).isPresent();
    assertThat(commands().cancel(held.run().task())).isTrue();

    TaskView view = view(held);
    assertThat(view.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(view.attempt()).isEqualTo(1);
    assertThat(Objects.requireNonNull(view.lease()).fence()).isEqualTo(1);
    assertThat(failure(view).type()).isEqualTo(TaskError.CANCELLED);
  }

  @Test
  void find_showsATaskThatWasReplayed() {
    TaskDefinition task = steps().submit();
    assertThat(commands().cancel(task.id())).isTrue();
    assertThat(commands().replay(task.id())).isTrue();

    TaskView view = view(task.id());
    assertThat(view.state()).isEqualTo(TaskState.PENDING);
    assertThat(view.version()).isEqualTo(3);
    assertThat(view.finishedAt()).isNull();
    assertThat(steps().claimOne(steps().open("a")).run().key().number()).isEqualTo(2);
  }

  @Test
  void find_showsWhenATaskExpires() {
    TaskDefinition rich = samples().rich(now());
    transact(tx -> tx.submissions()
        .create(List.of(new Birth(rich, Json.NULL, Lifecycle.born(rich, 0, Marks.NONE)))));
    assertThat(view(rich.id()).expiresAt()).isEqualTo(rich.expiryFrom(rich.createdAt()));
    var later = now().plusSeconds(77);
    transact(tx -> tx.places().expireAt(Map.of(rich.id(), later)));

    assertThat(view(rich.id()).expiresAt()).isEqualTo(later);
    assertThat(view(rich.id()).dueAt()).isEqualTo(rich.dueAt());
  }

  @Test
  void find_countsTheQueuePositionWithinTheLane() {
    steps().submit(samples().task().inQueue("other").withPriority(0));
    TaskDefinition second = steps().submit();
    TaskDefinition third = steps().submit();
    TaskDefinition first = steps().submit(samples().task().withPriority(1));

    assertThat(view(first.id()).queuePosition()).isEqualTo(1);
    assertThat(view(second.id()).queuePosition()).isEqualTo(2);
    assertThat(view(third.id()).queuePosition()).isEqualTo(3);
  }

  @Test
  void find_showsWhatATaskDependsOn() {
    TaskDefinition first = steps().submit();
    TaskDefinition second = steps().submit();
    TaskDefinition last = commands().submitAfter(samples().task(), true, Steps.ids(first, second));

    assertThat(view(last.id()).dependsOn())
        .containsExactlyInAnyOrder(
            new Edge(first.id(), last.id(), true), new Edge(second.id(), last.id(), true));
    assertThat(view(last.id()).state()).isEqualTo(TaskState.BLOCKED);
  }

  private List<TaskId> list(TaskFilter filter) {
    return storage().tasks().list(filter, 100).stream()
        .map(view -> view.definition().id())
        .toList();
  }

  private static TaskFilter state(TaskState state) {
    return new TaskFilter(null, state, null, null, null, null, null);
  }

  private static TaskFilter before(@Nullable TaskId before) {
    return new TaskFilter(null, null, null, null, null, null, before);
  }

  @Test
  void list_showsTheNewestFirst() {
    List<TaskDefinition> tasks = steps().submit(5);
    List<TaskId> ids = tasks.reversed().stream().map(TaskDefinition::id).toList();

    assertThat(list(TaskFilter.ALL)).isEqualTo(ids);
    assertThat(storage().tasks().list(TaskFilter.ALL, 2)).hasSize(2);
    assertThat(list(before(ids.get(1)))).isEqualTo(ids.subList(2, 5));
    assertThat(list(before(ids.get(4)))).isEmpty();
  }

  @Test
  void list_filtersByEachMember() {
    TaskAddress address =
        new TaskAddress(new Namespace("tenant"), new QueueName("mail"), new TypeName("send"));
    TaskDefinition other = steps().submit(samples().task().tagged("red", "blue"));
    TaskDefinition mail = steps().submit(samples().task().at(address).tagged("red"));
    TaskDefinition rich = samples().rich(now());
    transact(tx -> tx.submissions()
        .create(List.of(new Birth(rich, Json.NULL, Lifecycle.born(rich, 0, Marks.NONE)))));
    TaskId parent = rich.identity().parent();

    assertThat(list(new TaskFilter(address.namespace(), null, null, null, null, null, null)))
        .isEqualTo(Steps.ids(mail));
    assertThat(list(new TaskFilter(null, null, address.type(), null, null, null, null)))
        .isEqualTo(Steps.ids(mail));
    assertThat(list(new TaskFilter(null, null, null, address.queue(), null, null, null)))
        .isEqualTo(Steps.ids(rich, mail));
    assertThat(list(new TaskFilter(null, null, null, null, parent, null, null)))
        .isEqualTo(Steps.ids(rich));
    assertThat(list(new TaskFilter(null, null, null, null, null, "red", null)))
        .isEqualTo(Steps.ids(rich, mail, other));
    assertThat(list(new TaskFilter(null, null, null, null, null, "blue", null)))
        .isEqualTo(Steps.ids(other));
    assertThat(list(new TaskFilter(null, null, null, null, null, "re", null))).isEmpty();
    assertThat(list(new TaskFilter(
            Namespace.DEFAULT, TaskState.PENDING, null, null, null, "red", rich.id())))
        .isEqualTo(Steps.ids(other));
  }

  @Test
  void list_filtersByState() {
    TaskDefinition done = steps().submit(samples().task().withPriority(0));
    TaskDefinition failed = steps().submit(samples().task().withPriority(1));
    TaskDefinition claimed = steps().submit(samples().task().withPriority(2));
    TaskDefinition running = steps().submit(samples().task().withPriority(3));
    TaskDefinition waiting = steps().submit(samples().task().withPriority(4));
    TaskDefinition cancelled = steps().submit();
    TaskDefinition pending = steps().submit();
    TaskDefinition scheduled =
        steps().submit(samples().task().due(new Due.After(Duration.ofDays(1))));
    TaskDefinition blocked = commands().submitAfter(samples().task(), true, Steps.ids(pending));
    assertThat(commands().cancel(cancelled.id())).isTrue();
    List<Held> held = steps().claim(steps().open("a"), 5);
    assertThat(steps().complete(held.get(0))).isTrue();
    steps().settle(held.get(1), now -> new Outcome.Failed(samples().error(), false, now));
    steps().start(held.get(3));
    assertThat(steps().suspend(held.get(4))).isPresent();

    Map<TaskState, TaskDefinition> all = Map.of(
        TaskState.COMPLETED, done,
        TaskState.FAILED, failed,
        TaskState.CLAIMED, claimed,
        TaskState.RUNNING, running,
        TaskState.WAITING, waiting,
        TaskState.CANCELLED, cancelled,
        TaskState.PENDING, pending,
        TaskState.SCHEDULED, scheduled,
        TaskState.BLOCKED, blocked);
    all.forEach((state, task) -> {
      assertThat(list(state(state))).isEqualTo(Steps.ids(task));
      assertThat(storage().tasks().list(state(state), 1).getFirst().state()).isEqualTo(state);
    });
    assertThat(list(state(TaskState.TIMED_OUT))).isEmpty();
  }

  @Test
  void list_leavesOutWhatIsLarge() {
    steps().submit();
    Held held = steps().claimOne(steps().open("a"));
    assertThat(steps().fail(held)).isPresent();
    TaskView failed = storage().tasks().list(TaskFilter.ALL, 1).getFirst();
    assertThat(failed.payload()).isNull();
    assertThat(failed.queuePosition()).isNull();
    assertThat(failure(failed).stackTrace()).isNull();
    assertThat(failure(failed).message()).isEqualTo(samples().error().message());
    advance(Duration.ofSeconds(5));
    assertThat(steps().promote(1)).isEqualTo(1);
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();

    TaskView done = storage().tasks().list(TaskFilter.ALL, 1).getFirst();
    assertThat(done.result()).isNull();
    assertThat(done.version()).isEqualTo(view(held).version());
  }

  @Test
  void upstream_tellsTheResultsThereAre() {
    TaskDefinition done = steps().submit(samples().task().named("first"));
    TaskDefinition open = steps().submit();
    TaskDefinition last = commands().submitAfter(samples().task(), false, Steps.ids(done, open));
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();

    assertThat(storage().tasks().upstream(last.id()))
        .containsExactly(
            new Upstream(
                done.id(), "first", false, TaskState.COMPLETED, new Json("{\"ok\": true}")),
            new Upstream(open.id(), null, false, TaskState.PENDING, null));
    assertThat(storage().tasks().upstream(done.id())).isEmpty();
  }

  @Test
  void states_leaveOutTasksThatDoNotExist() {
    TaskDefinition pending = steps().submit();

    assertThat(storage().tasks().states(List.of(samples().taskId(), pending.id())))
        .isEqualTo(Map.of(pending.id(), TaskState.PENDING));
    assertThat(storage().tasks().states(List.of())).isEmpty();
  }

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
}
