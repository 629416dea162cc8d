package dev.holdfast.domain.run;

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

import dev.holdfast.domain.Samples;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The stories that the event log tells, one row of the contract's table after the other. */
class StoryTableTest {

  private static final RetryPolicy IN_TEN_SECONDS = new RetryPolicy(
      BackoffStrategy.FIXED, Duration.ofSeconds(10), Duration.ofSeconds(10), 0, List.of());
  private static final RunPolicy TWICE =
      new RunPolicy(2, IN_TEN_SECONDS, null, null, WorkerLoss.RETRY);

  private TaskModel model = TaskModel.born(Samples.task(TWICE), 0, Marks.NONE);

  @Test
  void plain() {
    model.claim();
    complete();

    assertThat(types()).containsExactly(CREATED, ASSIGNED, STARTED, COMPLETED);
    assertThat(model.events()).extracting(TaskEvent::attempt).containsExactly(0, 1, 1, 1);
    assertThat(model.events()).extracting(TaskEvent::node).startsWith(null, Samples.NODE);
    assertThat(model.events())
        .allSatisfy(
            event -> assertThat(event.detail()).as("never payload or result").isEmpty());
  }

  @Test
  void delayed() {
    model = TaskModel.born(Samples.task(TWICE, Samples.second(60)), 0, Marks.NONE);
    model.advance(60_000);
    model.apply(() -> Lifecycle.promote(model.at(Place.Scheduled.class)));
    model.claim();

    assertThat(types()).containsExactly(CREATED, SCHEDULED, ASSIGNED);
    assertThat(detail(2)).isEqualTo(Map.of("at", Samples.second(60)));
  }

  @Test
  void delayed_behind_a_dependency() {
    model = TaskModel.born(Samples.task(TWICE, Samples.second(60)), 1, Marks.NONE);
    model.apply(
        () -> Lifecycle.unblock(model.task(), model.at(Place.Blocked.class), Samples.second(1)));

    assertThat(types()).containsExactly(CREATED, SCHEDULED);
    assertThat(detail(2)).isEqualTo(Map.of("at", Samples.second(60)));
    assertThat(model.state()).isEqualTo(TaskState.SCHEDULED);
  }

  @Test
  void unblocked_after_its_due_time() {
    model = TaskModel.born(Samples.task(TWICE, Samples.second(60)), 1, Marks.NONE);
    model.apply(
        () -> Lifecycle.unblock(model.task(), model.at(Place.Blocked.class), Samples.second(60)));

    assertThat(types()).containsExactly(CREATED);
    assertThat(model.state()).isEqualTo(TaskState.PENDING);
  }

  @Test
  void failed_attempt_with_attempts_left() {
    model.claim();
    fail("flaky");
    model.apply(() -> Lifecycle.promote(model.at(Place.Scheduled.class)));
    model.claim();

    assertThat(types())
        .containsExactly(CREATED, ASSIGNED, STARTED, FAILED, RETRY_SCHEDULED, ASSIGNED);
    assertThat(detail(4))
        .isEqualTo(Map.of("error", Map.of("type", "flaky", "message", "it broke")));
    assertThat(detail(5)).isEqualTo(Map.of("at", Samples.second(10)));
    assertThat(model.events().getLast().attempt()).isEqualTo(2);
  }

  @Test
  void last_attempt_failed() {
    failOnce();
    model.claim();
    fail("flaky");

    assertThat(types()).endsWith(ASSIGNED, STARTED, FAILED, DEAD_LETTERED);
    assertThat(model.state()).isEqualTo(TaskState.FAILED);
    assertThat(detail(9)).isEmpty();
  }

  @Test
  void its_node_was_lost_before_it_started() {
    model.claim();
    lose();
    model.claim();

    assertThat(types()).containsExactly(CREATED, ASSIGNED, REASSIGNED, ASSIGNED);
    assertThat(detail(3)).isEqualTo(Map.of("node", "alder", "reason", "its session ended"));
    assertThat(model.events().getLast().attempt()).as("no attempt is spent").isEqualTo(1);
  }

  @Test
  void its_node_was_lost_after_it_started() {
    model.claim();
    start();
    lose();
    model.claim();

    assertThat(types()).containsExactly(CREATED, ASSIGNED, STARTED, REASSIGNED, ASSIGNED);
    assertThat(model.events().getLast().attempt()).isEqualTo(2);
  }

  @Test
  void its_node_was_lost_with_its_last_attempt() {
    failOnce();
    model.claim();
    start();
    lose();

    assertThat(types()).endsWith(STARTED, REASSIGNED, DEAD_LETTERED);
    assertThat(model.lastTerminal().error().type()).isEqualTo(TaskError.WORKER_LOST);
  }

  @Test
  void given_back() {
    model.claim();
    settle(new Outcome.Released(null));
    model.claim();

    assertThat(types()).containsExactly(CREATED, ASSIGNED, RELEASED, ASSIGNED);
    assertThat(model.events().getLast().attempt()).isEqualTo(1);
  }

  @Test
  void given_back_in_the_middle() {
    model.claim();
    settle(new Outcome.Released(Samples.T0));
    model.claim();

    assertThat(types()).containsExactly(CREATED, ASSIGNED, STARTED, RELEASED, ASSIGNED);
    assertThat(model.events().getLast().attempt()).as("not the handler's fault").isEqualTo(1);
  }

  @Test
  void cancelled_while_it_waits() {
    model.apply(() -> Lifecycle.cancel(model.at(Place.class), "not wanted", Samples.second(1)));

    assertThat(types()).containsExactly(CREATED, CANCELLED);
    assertThat(detail(2)).isEqualTo(Map.of("reason", "not wanted"));
    assertThat(model.events().getLast().node()).isNull();
    assertThat(model.lastTerminal().error())
        .isEqualTo(TaskError.of(TaskError.CANCELLED, "not wanted"));
  }

  @Test
  void cancel_asked_and_the_handler_throws() {
    model.claim();
    start();
    askCancel("first");
    askCancel("second");
    fail("interrupted");

    assertThat(types()).containsExactly(CREATED, ASSIGNED, STARTED, CANCEL_REQUESTED, CANCELLED);
    assertThat(detail(4)).isEqualTo(Map.of("reason", "first"));
    assertThat(detail(5)).isEqualTo(Map.of("reason", "first"));
  }

  @Test
  void cancel_asked_and_the_handler_returns() {
    model.claim();
    start();
    askCancel("too late");
    complete();

    assertThat(types()).containsExactly(CREATED, ASSIGNED, STARTED, CANCEL_REQUESTED, COMPLETED);
  }

  @Test
  void cancel_asked_and_the_node_is_lost_gives_back_or_suspends() {
    List<Runnable> ends = List.of(
        this::lose,
        () -> settle(new Outcome.Released(null)),
        () -> settle(new Outcome.Suspended(null, Samples.T0)));

    assertThat(ends).allSatisfy(end -> {
      model = TaskModel.born(Samples.task(TWICE), 0, Marks.NONE);
      model.claim();
      askCancel("not wanted");
      end.run();
      assertThat(types()).contains(CANCEL_REQUESTED).endsWith(CANCELLED);
      assertThat(model.state()).isEqualTo(TaskState.CANCELLED);
    });
  }

  @Test
  void cancelled_by_force() {
    model.claim();
    start();
    model.apply(() -> Lifecycle.cancel(model.at(Place.class), "now", Samples.second(1)));

    assertThat(types()).containsExactly(CREATED, ASSIGNED, STARTED, CANCELLED);
    assertThat(model.events().getLast().node()).isEqualTo(Samples.NODE);
  }

  @Test
  void upstream_failed_then_replayed() {
    model = TaskModel.born(Samples.task(TWICE), 1, Marks.NONE);
    model.apply(() ->
        Lifecycle.upstreamFailed(model.at(Place.Blocked.class), Samples.id(9), Samples.second(1)));
    replay(1);

    assertThat(types()).containsExactly(CREATED, CANCELLED, REPLAYED);
    assertThat(detail(2))
        .isEqualTo(Map.of("reason", "upstream_failed", "task", Samples.id(9).toString()));
    assertThat(model.state()).isEqualTo(TaskState.BLOCKED);
  }

  @Test
  void born_after_its_upstream_had_failed() {
    model = TaskModel.stillborn(Samples.task(TWICE, Samples.second(60)));

    assertThat(types()).containsExactly(CREATED, CANCELLED);
    assertThat(model.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(model.events().getLast().at()).isEqualTo(model.task().createdAt());
  }

  @Test
  void replayed_counts_attempts_from_one_and_goes_on_with_fence_and_version() {
    failOnce();
    model.claim();
    fail("flaky");
    replay(0);
    model.claim();

    assertThat(types()).endsWith(DEAD_LETTERED, REPLAYED, ASSIGNED);
    assertThat(model.events().getLast().attempt()).isEqualTo(1);
    assertThat(model.claimedRuns()).containsExactly(1, 2, 3);
  }

  @Test
  void replayed_before_its_due_time_waits_for_it() {
    model = TaskModel.born(Samples.task(TWICE, Samples.second(60)), 0, Marks.NONE);
    model.apply(() -> Lifecycle.cancel(model.at(Place.class), "oops", Samples.second(1)));
    replay(0);

    assertThat(types()).containsExactly(CREATED, SCHEDULED, CANCELLED, REPLAYED);
    assertThat(detail(4)).isEqualTo(Map.of("at", Samples.second(60)));
    assertThat(model.at(Place.Scheduled.class).dueAt()).isEqualTo(Samples.second(60));
  }

  @Test
  void progressed_writes_the_start_first() {
    model.claim();
    Instant began = Samples.second(1);
    model.apply(() -> Lifecycle.progress(
        model.task(), held(), new Progress(25, "a quarter"), began, Samples.second(2)));
    model.apply(() ->
        Lifecycle.progress(model.task(), held(), new Progress(50, null), began, Samples.second(3)));

    assertThat(types()).containsExactly(CREATED, ASSIGNED, STARTED, PROGRESSED, PROGRESSED);
    assertThat(model.events().get(2).at()).isEqualTo(began);
    assertThat(detail(4)).isEqualTo(Map.of("percent", 25.0, "message", "a quarter"));
    assertThat(detail(5)).isEqualTo(Map.of("percent", 50.0));
    assertThat(held().progress()).isEqualTo(new Progress(50, null));
  }

  @Test
  void suspended_and_resumed() {
    model.claim();
    settle(new Outcome.Suspended(Samples.second(30), Samples.T0));
    TaskState suspended = model.state();
    model.apply(() -> Lifecycle.resume(model.at(Place.Suspended.class), Samples.second(30)));
    model.claim();

    assertThat(suspended).isEqualTo(TaskState.WAITING);
    assertThat(types()).containsExactly(CREATED, ASSIGNED, STARTED, SUSPENDED, RESUMED, ASSIGNED);
    assertThat(detail(4)).isEqualTo(Map.of("wakeAt", Samples.second(30)));
    assertThat(model.events().getLast().attempt()).as("no attempt is spent").isEqualTo(1);
  }

  @Test
  void woken_while_it_ran_resumes_at_once_and_only_once() {
    model.claim();
    model.mark(Marks.WAKE);
    settle(new Outcome.Suspended(null, Samples.T0));
    TaskState woken = model.state();
    model.claim();
    settle(new Outcome.Suspended(null, Samples.T0));

    assertThat(woken).isEqualTo(TaskState.PENDING);
    assertThat(types())
        .containsExactly(
            CREATED, ASSIGNED, STARTED, SUSPENDED, RESUMED, ASSIGNED, STARTED, SUSPENDED);
    assertThat(model.state()).isEqualTo(TaskState.WAITING);
  }

  @Test
  void timed_out_from_every_place() {
    List<Runnable> before = List.of(
        () -> {},
        () -> model.claim(),
        () -> {
          model.claim();
          start();
        },
        () -> {
          model.claim();
          fail("flaky");
        },
        () -> {
          model.claim();
          settle(new Outcome.Suspended(null, Samples.T0));
        },
        () -> model = TaskModel.born(Samples.task(TWICE), 1, Marks.NONE));

    assertThat(before).allSatisfy(way -> {
      model = TaskModel.born(Samples.task(TWICE), 0, Marks.NONE);
      way.run();
      model.apply(() -> Lifecycle.expire(model.at(Place.class), Samples.second(99)));
      assertThat(types()).endsWith(TIMED_OUT);
      assertThat(model.state()).isEqualTo(TaskState.TIMED_OUT);
      assertThat(model.lastTerminal().error().type()).isEqualTo(TaskError.EXPIRED);
    });
  }

  private void failOnce() {
    model.claim();
    fail("flaky");
    model.apply(() -> Lifecycle.promote(model.at(Place.Scheduled.class)));
  }

  private void complete() {
    settle(new Outcome.Completed(new Json("[1]"), Samples.T0, Samples.second(1)));
  }

  private void fail(String type) {
    settle(new Outcome.Failed(TaskError.of(type, "it broke"), true, Samples.T0));
  }

  private void settle(Outcome outcome) {
    model.apply(() -> Settlement.settle(model.task(), held(), outcome, Samples.T0, new Random(1)));
  }

  private void lose() {
    model.apply(
        () -> Settlement.lose(model.task(), held(), "its session ended", Samples.second(1)));
  }

  private void start() {
    model.apply(() -> Lifecycle.start(model.task(), held(), Samples.T0));
  }

  private void askCancel(String reason) {
    model.apply(() -> Lifecycle.askCancel(held(), reason, Samples.T0));
  }

  private void replay(int open) {
    model.apply(() ->
        Lifecycle.replay(model.task(), model.lastTerminal(), open, Marks.NONE, Samples.second(2)));
  }

  private Place.Held held() {
    return model.at(Place.Held.class);
  }

  private List<EventType> types() {
    return model.events().stream().map(TaskEvent::type).toList();
  }

  private Map<String, Object> detail(int version) {
    return model.events().get(version - 1).detail();
  }
}
