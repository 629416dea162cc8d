package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.once;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.task.SettleRuns.Answer;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettleRunsTest {

  private static final Answer ACCEPTED = new Answer.Accepted();
  private static final Answer STALE = new Answer.Stale();

  private final Desk desk = new Desk();

  static Stream<Outcome> everyOutcome() {
    Desk any = new Desk();
    return Stream.of(
        any.completed(),
        any.failed("boom"),
        new Outcome.Released(null),
        new Outcome.Suspended(any.now().plusSeconds(5), any.now()));
  }

  @Test
  void a_batch_of_completions_is_settled_by_one_call() {
    desk.submitAll(work(), work(), work());
    List<Assignment> runs = desk.claim(3);
    int before = desk.storage.transactions();

    List<Answer> answers = desk.settle.settle(
        runs.stream().map(run -> desk.word(run, desk.completed())).toList());

    assertThat(desk.storage.transactions() - before).isEqualTo(1);
    assertThat(answers).containsExactly(ACCEPTED, ACCEPTED, ACCEPTED);
    assertThat(desk.effects.getLast().ended()).hasSize(3).containsValue(TaskState.COMPLETED);
    assertThat(desk.effects.getLast().wrote()).isTrue();
  }

  @Test
  void a_batch_of_different_outcomes_is_settled_by_one_call_and_one_transaction() {
    List<TaskId> ids = desk.submitAll(work(), once(), work(), work());
    List<Assignment> runs = desk.claim(4);
    int before = desk.storage.transactions();

    List<Answer> answers = desk.settle.settle(List.of(
        desk.word(runs.get(0), desk.completed()),
        desk.word(runs.get(1), desk.failed("boom")),
        desk.word(runs.get(2), new Outcome.Released(null)),
        desk.word(runs.get(3), new Outcome.Suspended(null, desk.now()))));

    assertThat(desk.storage.transactions() - before).isEqualTo(2);
    assertThat(answers).containsOnly(ACCEPTED);
    assertThat(ids)
        .extracting(desk::state)
        .containsExactly(
            TaskState.COMPLETED, TaskState.FAILED, TaskState.PENDING, TaskState.WAITING);
    assertThat(desk.effects)
        .extracting(Ledger.Effects::ended)
        .endsWith(Map.of(ids.get(0), TaskState.COMPLETED), Map.of(ids.get(1), TaskState.FAILED));
    assertThat(desk.effects.getLast().readied()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("everyOutcome")
  void the_word_of_an_older_run_changes_nothing(Outcome late) {
    TaskId task = desk.submit(work());
    Assignment old = desk.claimOnly();
    desk.settle(old, new Outcome.Released(null));
    Assignment current = desk.claimOnly();
    List<EventType> story = desk.story(task);

    // A hand-back that is repeated is recognised as the one that was accepted.
    Answer expected = late instanceof Outcome.Released ? ACCEPTED : STALE;
    assertThat(desk.settle(old, late)).isEqualTo(expected);

    assertThat(desk.story(task)).isEqualTo(story);
    assertThat(desk.complete(current)).isEqualTo(ACCEPTED);
  }

  @ParameterizedTest
  @MethodSource("everyOutcome")
  void a_lost_answer_is_recognised(Outcome outcome) {
    TaskId task = desk.submit(work());
    Assignment run = desk.claimOnly();
    desk.storage.loseAnswersOf(outcome instanceof Outcome.Completed ? "complete" : "take", 1);
    assertThatThrownBy(() -> desk.settle(run, outcome)).isInstanceOf(StorageUnavailable.class);
    List<EventType> story = desk.story(task);

    assertThat(desk.settle(run, outcome)).isEqualTo(ACCEPTED);

    assertThat(desk.story(task)).isEqualTo(story);
  }

  @ParameterizedTest
  @MethodSource("everyOutcome")
  void a_lost_answer_after_a_cancel_was_asked_is_recognised(Outcome outcome) {
    TaskId task = desk.submit(work());
    Assignment run = desk.claimOnly();
    desk.cancel.cancel(task, "enough", false);
    desk.storage.loseAnswersOf(outcome instanceof Outcome.Completed ? "complete" : "take", 1);
    assertThatThrownBy(() -> desk.settle(run, outcome)).isInstanceOf(StorageUnavailable.class);

    assertThat(desk.settle(run, outcome)).isEqualTo(ACCEPTED);

    boolean isDone = outcome instanceof Outcome.Completed;
    assertThat(desk.state(task)).isEqualTo(isDone ? TaskState.COMPLETED : TaskState.CANCELLED);
  }

  @Test
  void the_word_of_another_claim_is_no_lost_answer() {
    TaskId task = desk.submit(once());
    Assignment run = desk.claimOnly();
    desk.cancel.cancel(task, "enough", true);

    assertThat(desk.complete(run)).isEqualTo(STALE);
    assertThat(desk.state(task)).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void a_failure_after_a_cancel_was_asked_cancels_and_is_never_retried() {
    TaskId task = desk.submit(work());
    Assignment run = desk.claimOnly();
    assertThat(desk.cancel.cancel(task, "enough", false)).isEqualTo(new CancelAnswer.Asked());
    assertThat(desk.view(task).cancelRequested()).isTrue();

    desk.fail(run);

    assertThat(desk.view(task).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(desk.view(task).error()).isEqualTo(TaskError.of("cancelled", "enough"));
  }

  @Test
  void a_hand_back_keeps_the_attempt() {
    desk.submit(work());

    desk.settle(desk.claimOnly(), new Outcome.Released(desk.now()));

    Assignment again = desk.claimOnly();
    assertThat(again.held().run().attempt()).isEqualTo(1);
    assertThat(again.held().run().key().number()).isEqualTo(2);
  }

  @Test
  void a_failure_with_attempts_left_is_scheduled_by_the_retry_policy() {
    TaskId task = desk.submit(work());

    desk.fail(desk.claimOnly());

    assertThat(desk.state(task)).isEqualTo(TaskState.SCHEDULED);
    assertThat(desk.effects.getLast().dues()).hasSize(1);
    desk.clock.advance(Duration.ofSeconds(2));
    desk.settleDown();
    assertThat(desk.claimOnly().held().run().attempt()).isEqualTo(2);
  }

  @Test
  void an_error_type_that_is_never_retried_ends_the_task() {
    RetryPolicy retry = RetryPolicy.DEFAULT.withNonRetryable(List.of("app.Never"));
    TaskId task =
        desk.submit(work().withPolicy(new RunPolicy(5, retry, null, null, WorkerLoss.RETRY)));

    desk.settle(desk.claimOnly(), desk.failed("app.Never"));

    assertThat(desk.state(task)).isEqualTo(TaskState.FAILED);
    assertThat(desk.view(task).attempt()).isEqualTo(1);
  }

  @Test
  void a_suspended_task_is_woken_when_its_time_has_come() {
    TaskId task = desk.submit(work());
    desk.settle(desk.claimOnly(), new Outcome.Suspended(desk.now().plusSeconds(60), desk.now()));
    assertThat(desk.state(task)).isEqualTo(TaskState.WAITING);
    assertThat(desk.effects.getLast().dues()).containsExactly(desk.now().plusSeconds(60));

    desk.clock.advance(Duration.ofSeconds(61));
    desk.settleDown();

    assertThat(desk.claimOnly().held().run().attempt()).isEqualTo(1);
    assertThat(desk.story(task)).contains(EventType.SUSPENDED, EventType.RESUMED);
  }

  @Test
  void the_counts_tell_how_many_ended() {
    desk.submitAll(work(), once());
    List<Assignment> runs = desk.claim(2);
    desk.complete(runs.get(0));
    desk.fail(runs.get(1));

    var states = desk.storage.tasks().stats().queues().values().iterator().next();

    assertThat(states).containsEntry(TaskState.COMPLETED, 1L).containsEntry(TaskState.FAILED, 1L);
  }
}
