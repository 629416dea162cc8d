package dev.holdfast.testkit.contract.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.read.TaskView.Lease;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is shown of a single task, in every state. */
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
}
