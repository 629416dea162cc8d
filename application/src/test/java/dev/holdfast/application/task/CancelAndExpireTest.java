package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.needs;
import static dev.holdfast.application.testing.Desk.once;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CancelAndExpireTest {

  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
  private static final CancelAnswer CANCELLED = new CancelAnswer.Cancelled();

  private final Desk desk = new Desk();

  private static NewTask expiring() {
    return work()
        .withPolicy(
            new RunPolicy(3, RunPolicy.DEFAULT.retry(), null, TEN_MINUTES, WorkerLoss.RETRY));
  }

  @Test
  void cancel_ends_at_once_whatever_waits() {
    TaskId pending = desk.submit(work());
    TaskId scheduled = desk.submit(work().due(new Due.After(TEN_MINUTES)));
    TaskId blocked = desk.submit(work().after(needs(scheduled)));

    assertThat(desk.cancel.cancel(pending, "no", false)).isEqualTo(CANCELLED);
    assertThat(desk.cancel.cancel(blocked, "no", false)).isEqualTo(CANCELLED);
    assertThat(desk.cancel.cancel(scheduled, "no", false)).isEqualTo(CANCELLED);

    assertThat(List.of(pending, blocked, scheduled))
        .extracting(desk::state)
        .containsOnly(TaskState.CANCELLED);
    assertThat(desk.asked).isEmpty();
    assertThat(desk.revoked).isEmpty();
  }

  @Test
  void cancel_asks_the_run_that_is_held_and_keeps_the_first_reason() {
    TaskId task = desk.submit(work());
    Assignment run = desk.claimOnly();

    assertThat(desk.cancel.cancel(task, "first", false)).isEqualTo(new CancelAnswer.Asked());
    assertThat(desk.cancel.cancel(task, "second", false)).isEqualTo(new CancelAnswer.Asked());

    assertThat(desk.asked).containsOnly(run.held().run().key());
    desk.settle(run, new Outcome.Released(null));
    assertThat(desk.view(task).error().message()).isEqualTo("first");
    assertThat(desk.story(task)).filteredOn(EventType.CANCEL_REQUESTED::equals).hasSize(1);
  }

  @Test
  void cancel_by_force_revokes_the_run_that_is_held() {
    TaskId task = desk.submit(work());
    Assignment run = desk.claimOnly();

    assertThat(desk.cancel.cancel(task, "now", true)).isEqualTo(CANCELLED);

    assertThat(desk.revoked).containsExactly(run.held().run().key());
    assertThat(desk.state(task)).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void cancel_of_what_has_ended_or_is_unknown_says_so() {
    TaskId task = desk.submit(work());
    desk.complete(desk.claimOnly());

    assertThat(desk.cancel.cancel(task, "late", true))
        .isEqualTo(new CancelAnswer.Ended(TaskState.COMPLETED));
    assertThat(desk.cancel.cancel(new TaskId(new UUID(7, 7)), "who", false))
        .isEqualTo(new CancelAnswer.Unknown());
  }

  @Test
  void expire_ends_whatever_is_not_done_in_time() {
    TaskId pending = desk.submit(expiring());
    TaskId blocked = desk.submit(expiring().after(needs(pending)));
    TaskId late = desk.submit(expiring().due(new Due.After(TEN_MINUTES)));
    desk.clock.advance(TEN_MINUTES);

    assertThat(desk.expire.tick()).isPositive();

    assertThat(desk.state(pending)).isEqualTo(TaskState.TIMED_OUT);
    assertThat(desk.state(blocked)).isEqualTo(TaskState.TIMED_OUT);
    assertThat(desk.state(late)).as("counted from its due time").isEqualTo(TaskState.SCHEDULED);
    assertThat(desk.story(pending)).endsWith(EventType.TIMED_OUT);
  }

  @Test
  void expire_revokes_the_run_that_is_held_and_cancels_what_waits_for_it() {
    List<TaskId> ids = desk.submitAll(expiring().named("a"), work().after(needs("a")));
    Assignment run = desk.claimOnly();
    desk.clock.advance(TEN_MINUTES);

    desk.expire.tick();

    assertThat(desk.revoked).containsExactly(run.held().run().key());
    assertThat(desk.complete(run)).isEqualTo(new SettleRuns.Answer.Stale());
    assertThat(ids)
        .extracting(desk::state)
        .containsExactly(TaskState.TIMED_OUT, TaskState.CANCELLED);
  }

  @Test
  void expire_leaves_alone_what_has_ended() {
    TaskId task = desk.submit(expiring());
    desk.complete(desk.claimOnly());
    desk.clock.advance(TEN_MINUTES);

    desk.expire.tick();

    assertThat(desk.state(task)).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void expire_ends_a_replayed_task_that_is_held() {
    TaskId task = desk.submit(expiring()
        .withPolicy(
            new RunPolicy(1, RunPolicy.DEFAULT.retry(), null, TEN_MINUTES, WorkerLoss.RETRY)));
    desk.fail(desk.claimOnly());
    desk.clock.advance(Duration.ofMinutes(5));
    desk.replay.replay(task);
    desk.claimOnly();

    desk.clock.advance(Duration.ofMinutes(6));
    desk.expire.tick();
    assertThat(desk.state(task)).as("its expiry was computed anew").isEqualTo(TaskState.CLAIMED);

    desk.clock.advance(Duration.ofMinutes(5));
    desk.expire.tick();
    assertThat(desk.state(task)).isEqualTo(TaskState.TIMED_OUT);
  }

  @Test
  void expire_works_through_more_than_a_batch() {
    NewTask[] many = new NewTask[501];
    java.util.Arrays.fill(many, expiring());
    List<TaskId> ids = desk.submitAll(many);
    desk.clock.advance(TEN_MINUTES);

    assertThat(desk.expire.tick()).isZero();
    assertThat(desk.expire.tick()).isPositive();

    assertThat(ids).extracting(desk::state).containsOnly(TaskState.TIMED_OUT);
  }

  @Test
  void notes_are_written_for_held_runs_only_and_a_start_once() {
    desk.submitAll(work(), once());
    List<Assignment> runs = desk.claim(2);
    desk.complete(runs.get(1));

    Set<?> current = desk.notes.write(runs.stream()
        .map(run -> new WriteNotes.NoteRequest(
            run.definition(), run.held().run().key(), desk.now(), new Progress(10, null)))
        .toList());
    desk.notes.write(List.of(new WriteNotes.NoteRequest(
        runs.get(0).definition(), runs.get(0).held().run().key(), desk.now(), null)));

    assertThat(current).isEqualTo(Set.of(runs.get(0).held().run().key()));
    assertThat(desk.story(runs.get(0).definition().id()))
        .containsExactly(
            EventType.CREATED, EventType.ASSIGNED, EventType.STARTED, EventType.PROGRESSED);
  }

  @Test
  void promote_asks_to_be_called_when_the_next_task_is_due() {
    desk.submit(work().due(new Due.After(Duration.ofMillis(300))));
    desk.promote.expect(desk.effects.getLast().dues());

    assertThat(desk.promote.tick()).isEqualTo(Duration.ofMillis(301));

    desk.clock.advance(Duration.ofMillis(301));
    desk.promote.tick();
    assertThat(desk.effects.getLast().readied()).isTrue();
    assertThat(desk.promote.tick()).as("nothing more is expected").isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void promote_is_woken_by_an_earlier_due_time_only() {
    int[] wakes = new int[1];
    desk.promote.wakeBy(() -> wakes[0]++);

    desk.promote.expect(List.of(desk.now().plusSeconds(5)));
    desk.promote.expect(List.of(desk.now().plusSeconds(9)));
    assertThat(wakes[0]).isEqualTo(1);

    desk.promote.expect(List.of(desk.now().plusSeconds(1)));
    assertThat(wakes[0]).isEqualTo(2);
    assertThat(desk.promote.tick()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void promote_works_through_more_than_a_batch() {
    NewTask[] many = new NewTask[1001];
    java.util.Arrays.fill(many, work().due(new Due.After(TEN_MINUTES)));
    desk.submitAll(many);
    desk.clock.advance(TEN_MINUTES);

    assertThat(desk.promote.tick()).isZero();
    assertThat(desk.promote.tick()).isPositive();
  }
}
