package dev.holdfast.testkit.contract.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lists, states and upstream tasks. */
public abstract class TaskListContract extends StorageContract {

  private TaskView view(Held held) {
    return storage().tasks().find(held.run().task()).orElseThrow();
  }

  private static TaskError failure(TaskView view) {
    return Objects.requireNonNull(view.error());
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
  void list_findsWhatLiesBehindManyNewerTasksInAnotherState() {
    TaskDefinition done = steps().submit(samples().task().withPriority(0).tagged("old"));
    TaskDefinition pending = steps().submit();
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();
    NewTask later = samples().task().due(new Due.After(Duration.ofDays(1)));
    List<TaskDefinition> scheduled = steps().submit(Collections.nCopies(1_200, later));
    QueueName queue = done.address().queue();

    for (QueueName of : Arrays.asList(null, queue)) {
      assertThat(first(TaskState.PENDING, of, null)).isEqualTo(pending.id());
      assertThat(first(TaskState.COMPLETED, of, null)).isEqualTo(done.id());
      assertThat(first(TaskState.SCHEDULED, of, null))
          .isEqualTo(scheduled.getLast().id());
      assertThat(first(null, of, "old")).isEqualTo(done.id());
      assertThat(first(TaskState.COMPLETED, of, "old")).isEqualTo(done.id());
    }
  }

  private TaskId first(@Nullable TaskState state, @Nullable QueueName queue, @Nullable String tag) {
    var filter = new TaskFilter(null, state, null, queue, null, tag, null);
    return storage().tasks().list(filter, 1).getFirst().definition().id();
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
}
