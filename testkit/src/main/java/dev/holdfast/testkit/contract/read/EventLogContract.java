package dev.holdfast.testkit.contract.read;

import static dev.holdfast.domain.event.EventType.ASSIGNED;
import static dev.holdfast.domain.event.EventType.CANCELLED;
import static dev.holdfast.domain.event.EventType.CANCEL_REQUESTED;
import static dev.holdfast.domain.event.EventType.COMPLETED;
import static dev.holdfast.domain.event.EventType.CREATED;
import static dev.holdfast.domain.event.EventType.DEAD_LETTERED;
import static dev.holdfast.domain.event.EventType.FAILED;
import static dev.holdfast.domain.event.EventType.PROGRESSED;
import static dev.holdfast.domain.event.EventType.REASSIGNED;
import static dev.holdfast.domain.event.EventType.RELEASED;
import static dev.holdfast.domain.event.EventType.REPLAYED;
import static dev.holdfast.domain.event.EventType.RESUMED;
import static dev.holdfast.domain.event.EventType.RETRY_SCHEDULED;
import static dev.holdfast.domain.event.EventType.SCHEDULED;
import static dev.holdfast.domain.event.EventType.STARTED;
import static dev.holdfast.domain.event.EventType.SUSPENDED;
import static dev.holdfast.domain.event.EventType.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The story of each task, as its log tells it. */
public abstract class EventLogContract extends StorageContract {

  private List<TaskEvent> story(TaskId task) {
    return storage().events().ofTask(task, 0, 1000);
  }

  private void assertStory(TaskId task, EventType... types) {
    List<TaskEvent> story = story(task);
    assertThat(story).extracting(TaskEvent::type).containsExactly(types);
    assertThat(story)
        .extracting(TaskEvent::version)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, types.length).boxed().toList());
    assertThat(storage().tasks().find(task).orElseThrow().version()).isEqualTo(types.length);
  }

  private TaskEvent event(TaskId task, EventType type) {
    return story(task).stream()
        .filter(event -> event.type() == type)
        .findFirst()
        .orElseThrow();
  }

  private Held claimed() {
    steps().submit();
    return steps().claimOne(steps().open("a"));
  }

  private static TaskId task(Held held) {
    return held.run().task();
  }

  @Test
  void story_ofAPlainTask() {
    Held held = claimed();
    assertThat(steps().complete(held)).isTrue();

    assertStory(task(held), CREATED, ASSIGNED, STARTED, COMPLETED);
    TaskDefinition task = storage().tasks().find(task(held)).orElseThrow().definition();
    assertThat(event(task(held), CREATED))
        .isEqualTo(new TaskEvent(task.id(), 1, CREATED, task.createdAt(), null, 0, Map.of()));
    for (EventType type : List.of(ASSIGNED, STARTED, COMPLETED)) {
      assertThat(event(task(held), type).node()).isEqualTo(new NodeId("a"));
      assertThat(event(task(held), type).attempt()).isEqualTo(1);
    }
  }

  @Test
  void story_ofADelayedTask() {
    TaskDefinition task = steps().submit(samples().task().due(new Due.After(Duration.ofHours(1))));
    advance(Duration.ofHours(2));
    SessionId session = steps().open("a");
    assertThat(steps().promote(10)).isEqualTo(1);
    assertThat(steps().complete(steps().claimOne(session))).isTrue();

    assertStory(task.id(), CREATED, SCHEDULED, ASSIGNED, STARTED, COMPLETED);
    assertThat(event(task.id(), SCHEDULED).detail())
        .isEqualTo(Map.of("at", Objects.requireNonNull(task.dueAt())));
  }

  @Test
  void story_ofADelayedTaskThatWasBlockedFirst() {
    TaskDefinition first = steps().submit();
    TaskDefinition last = commands()
        .submitAfter(
            samples().task().due(new Due.After(Duration.ofHours(1))), true, Steps.ids(first));
    assertStory(last.id(), CREATED);
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();

    assertStory(last.id(), CREATED, SCHEDULED);
    assertThat(event(last.id(), SCHEDULED).detail())
        .isEqualTo(Map.of("at", Objects.requireNonNull(last.dueAt())));
  }

  @Test
  void story_ofAFailedAttemptWithAttemptsLeft() {
    Held held = claimed();
    var move = steps().fail(held).orElseThrow();

    assertStory(task(held), CREATED, ASSIGNED, STARTED, FAILED, RETRY_SCHEDULED);
    assertThat(event(task(held), FAILED).detail())
        .isEqualTo(Map.of(
            "error",
            Map.of(
                "type", samples().error().type(), "message", samples().error().message())));
    assertThat(event(task(held), RETRY_SCHEDULED).detail())
        .isEqualTo(Map.of(
            "at", Objects.requireNonNull(Objects.requireNonNull(move.end()).nextAt())));
  }

  @Test
  void story_ofTheLastAttempt() {
    Held held = claimed();
    steps().settle(held, now -> new Outcome.Failed(samples().error(), false, now));

    assertStory(task(held), CREATED, ASSIGNED, STARTED, FAILED, DEAD_LETTERED);
  }

  @Test
  void story_ofATaskWhoseNodeWasLost() {
    Held held = claimed();
    storage().sessions().end(held.lease().session());
    assertThat(commands().reap()).isEqualTo(1);
    assertThat(steps().complete(steps().claimOne(steps().open("b")))).isTrue();

    assertStory(task(held), CREATED, ASSIGNED, REASSIGNED, ASSIGNED, STARTED, COMPLETED);
    assertThat(event(task(held), REASSIGNED).detail())
        .isEqualTo(Map.of("node", "a", "reason", "killed"));
    assertThat(event(task(held), COMPLETED).node()).isEqualTo(new NodeId("b"));
  }

  @Test
  void story_ofATaskWhoseNodeWasLostAfterItsStart() {
    Held held = claimed();
    steps().progress(held, 50);
    storage().sessions().end(held.lease().session());
    assertThat(commands().reap()).isEqualTo(1);

    assertStory(task(held), CREATED, ASSIGNED, STARTED, PROGRESSED, REASSIGNED);
    assertThat(event(task(held), PROGRESSED).detail())
        .isEqualTo(Map.of("percent", 50.0, "message", "at 50.0"));
    assertThat(event(task(held), PROGRESSED).node()).isEqualTo(new NodeId("a"));
  }

  @Test
  void story_ofATaskThatMustNotBeStartedTwice() {
    RunPolicy once = new RunPolicy(3, RetryPolicy.DEFAULT, null, null, WorkerLoss.FAIL);
    steps().submit(samples().task().withPolicy(once));
    Held held = steps().start(steps().claimOne(steps().open("a")));
    storage().sessions().end(held.lease().session());
    assertThat(commands().reap()).isEqualTo(1);

    assertStory(task(held), CREATED, ASSIGNED, STARTED, REASSIGNED, DEAD_LETTERED);
    assertThat(storage().tasks().find(task(held)).orElseThrow().state())
        .isEqualTo(TaskState.FAILED);
  }

  @Test
  void story_ofATaskThatWasGivenBack() {
    Held held = claimed();
    assertThat(steps().release(held)).isPresent();
    assertThat(steps().claim(held.lease().session(), 1)).hasSize(1);

    assertStory(task(held), CREATED, ASSIGNED, RELEASED, ASSIGNED);
  }

  @Test
  void story_ofACancelThatWasAsked() {
    Held held = claimed();
    steps().askCancel(held, "not needed");
    assertThat(steps().fail(held)).isPresent();

    assertStory(task(held), CREATED, ASSIGNED, CANCEL_REQUESTED, STARTED, CANCELLED);
    assertThat(event(task(held), CANCEL_REQUESTED).detail())
        .isEqualTo(Map.of("reason", "not needed"));
    assertThat(event(task(held), CANCELLED).detail()).isEqualTo(Map.of("reason", "not needed"));
  }

  @Test
  void story_ofAnUpstreamThatFailed() {
    TaskDefinition first = steps().submit();
    TaskDefinition needs = commands().submitAfter(samples().task(), true, Steps.ids(first));
    assertThat(commands().cancel(first.id())).isTrue();
    TaskDefinition late = commands().submitAfter(samples().task(), true, Steps.ids(first));
    assertThat(commands().replay(needs.id())).isTrue();

    assertStory(first.id(), CREATED, CANCELLED);
    assertStory(needs.id(), CREATED, CANCELLED, REPLAYED);
    assertStory(late.id(), CREATED, CANCELLED);
    Map<String, Object> detail =
        Map.of("reason", "upstream_failed", "task", first.id().toString());
    assertThat(event(needs.id(), CANCELLED).detail()).isEqualTo(detail);
    assertThat(event(late.id(), CANCELLED).detail()).isEqualTo(detail);
  }

  @Test
  void story_ofASuspendedTask() {
    Held held = claimed();
    steps().settle(held, now -> new Outcome.Suspended(now.plusSeconds(1), now));
    advance(Duration.ofSeconds(2));
    assertThat(steps().promote(10)).isEqualTo(1);

    assertStory(task(held), CREATED, ASSIGNED, STARTED, SUSPENDED, RESUMED);
  }

  @Test
  void story_ofAnExpiredTask() {
    TaskDefinition task = steps().submit();
    transact(tx -> {
      var place = tx.places().takeWaiting(Steps.ids(task)).getFirst();
      tx.facts()
          .end(List.of(Objects.requireNonNull(Lifecycle.expire(place, tx.now()).end())));
    });

    assertStory(task.id(), CREATED, TIMED_OUT);
  }

  @Test
  void story_doesNotChangeOnceItWasShown() {
    Held held = steps().start(claimed());
    List<TaskEvent> running = story(task(held));
    assertThat(running).hasSize(3);
    assertThat(steps().complete(held)).isTrue();

    assertThat(story(task(held))).startsWith(running.toArray(TaskEvent[]::new)).hasSize(4);
  }

  @Test
  void ofTask_goesOnBehindAVersion() {
    Held held = claimed();
    assertThat(steps().complete(held)).isTrue();
    List<TaskEvent> story = story(task(held));

    assertThat(storage().events().ofTask(task(held), 1, 2)).isEqualTo(story.subList(1, 3));
    assertThat(storage().events().ofTask(task(held), 3, 10)).isEqualTo(story.subList(3, 4));
    assertThat(storage().events().ofTask(task(held), 4, 10)).isEmpty();
    assertThat(storage().events().ofTask(samples().taskId(), 0, 10)).isEmpty();
  }
}
