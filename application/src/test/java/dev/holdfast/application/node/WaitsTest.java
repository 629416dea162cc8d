package dev.holdfast.application.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.loop.Activity;
import dev.holdfast.application.testing.Await;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitsTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final Desk desk = new Desk();
  private final Waits waits = new Waits(desk.storage.tasks(), LONG);
  private final Activity activity = new Activity();
  private final NodeEvents events = new NodeEvents(desk.storage.events(), activity, LONG);

  private interface Waiting<T> {
    T get() throws InterruptedException;
  }

  private static <T> CompletableFuture<T> elsewhere(Waiting<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      try {
        done.complete(work.get());
      } catch (InterruptedException | RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    thread.start();
    Await.until(() -> thread.getState() == Thread.State.TIMED_WAITING || done.isDone());
    return done;
  }

  @Test
  void await_is_woken_by_the_end() throws Exception {
    TaskId task = desk.submit(Desk.work());
    TaskId other = desk.submit(Desk.work());
    CompletableFuture<Optional<TaskView>> view = elsewhere(() -> waits.await(task, LONG));
    waits.ended(List.of(other));
    assertThat(view).isNotDone();

    desk.claim(2).forEach(desk::complete);
    waits.ended(List.of(task));

    assertThat(view.get(20, TimeUnit.SECONDS).orElseThrow().state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void await_of_an_ended_task_answers_at_once() throws Exception {
    TaskId task = desk.submit(Desk.work());
    desk.complete(desk.claimOnly());

    assertThat(waits.await(task, LONG).orElseThrow().state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void await_ends_with_its_patience_and_answers_what_is_there() throws Exception {
    TaskId task = desk.submit(Desk.work());

    assertThat(waits.await(task, Duration.ZERO).orElseThrow().state()).isEqualTo(TaskState.PENDING);
    assertThat(waits.await(task, Duration.ofMillis(2)).orElseThrow().state())
        .isEqualTo(TaskState.PENDING);
  }

  @Test
  void await_of_an_unknown_task_answers_nothing() throws Exception {
    assertThat(waits.await(new TaskId(new UUID(7, 7)), LONG)).isEmpty();
  }

  @Test
  void await_finds_by_looking_what_another_node_ended() throws Exception {
    Waits looking = new Waits(desk.storage.tasks(), Duration.ofMillis(2));
    TaskId task = desk.submit(Desk.work());
    CompletableFuture<Optional<TaskView>> view = elsewhere(() -> looking.await(task, LONG));

    desk.complete(desk.claimOnly());

    assertThat(view.get(20, TimeUnit.SECONDS).orElseThrow().state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void several_may_wait_for_the_same_task() throws Exception {
    TaskId task = desk.submit(Desk.work());
    var first = elsewhere(() -> waits.await(task, LONG));
    var second = elsewhere(() -> waits.await(task, LONG));

    desk.complete(desk.claimOnly());
    waits.ended(List.of(task));

    assertThat(first.get(20, TimeUnit.SECONDS)).isPresent();
    assertThat(second.get(20, TimeUnit.SECONDS)).isPresent();
  }

  @Test
  void follow_answers_what_is_there_and_goes_on_exactly_behind_it() throws Exception {
    desk.submitAll(Desk.work(), Desk.work(), Desk.work());
    desk.claim(3).forEach(desk::complete);
    List<EventType> seen = new ArrayList<>();
    EventPosition at = events.log().start();

    for (int i = 0; i < 20; i++) {
      EventPage page = events.follow(at, 2, Duration.ZERO);
      page.entries().forEach(entry -> seen.add(entry.event().type()));
      at = page.next();
    }

    assertThat(seen).hasSize(12);
    assertThat(seen).filteredOn(EventType.COMPLETED::equals).hasSize(3);
  }

  @Test
  void follow_is_woken_by_a_commit() throws Exception {
    EventPosition head = events.log().head();
    CompletableFuture<EventPage> page = elsewhere(() -> events.follow(head, 10, LONG));
    assertThat(page).isNotDone();

    TaskId task = desk.submit(Desk.work());
    activity.signal();

    assertThat(page.get(20, TimeUnit.SECONDS).entries())
        .extracting(entry -> entry.event().task())
        .containsExactly(task);
  }

  @Test
  void follow_answers_an_empty_page_when_the_wait_was_in_vain() throws Exception {
    EventPage page = events.follow(events.log().head(), 10, Duration.ofMillis(2));

    assertThat(page.entries()).isEmpty();
    assertThat(page.caughtUp()).isTrue();
  }

  @Test
  void activity_counts_what_was_signalled_and_waits_for_a_change_only() throws Exception {
    long seen = activity.count();
    assertThat(activity.awaitChange(seen, Duration.ofMillis(1))).isFalse();

    activity.signal();

    assertThat(activity.count()).isEqualTo(seen + 1);
    assertThat(activity.awaitChange(seen, LONG)).isTrue();
  }
}
