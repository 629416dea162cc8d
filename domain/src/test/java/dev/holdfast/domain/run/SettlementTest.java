package dev.holdfast.domain.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.Samples;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SettlementTest {

  private static final TaskError FLAKY = TaskError.of("flaky", "it broke");
  private static final Instant NOW = Samples.second(5);

  @Test
  void completed_keeps_the_result_and_the_times_of_the_handler() {
    var outcome =
        new Outcome.Completed(new Json("{\"n\":1}"), Samples.second(1), Samples.second(2));

    RunEnd end = settle(Samples.task(), held(1), outcome).end();

    assertThat(end.terminal()).isTrue();
    assertThat(end.result()).isEqualTo(new Json("{\"n\":1}"));
    assertThat(end.start()).isEqualTo(new RunEnd.Start(Samples.second(1), 3));
    assertThat(end.endedAt()).isEqualTo(Samples.second(2));
    assertThat(end.version()).isEqualTo(4);
    assertThat(end.lease()).isEqualTo(Samples.lease(2));
  }

  @Test
  void completed_after_a_recorded_start_keeps_the_recorded_one() {
    Held started = held(1).started(3, Samples.second(1), null);

    RunEnd end = settle(
            Samples.task(), started, new Outcome.Completed(Json.NULL, Samples.second(2), NOW))
        .end();

    assertThat(end.start()).isEqualTo(new RunEnd.Start(Samples.second(1), null));
    assertThat(end.version()).isEqualTo(4);
  }

  @Test
  void failed_is_scheduled_after_the_delay_with_the_next_attempt() {
    Move move = settle(Samples.task(), held(1), new Outcome.Failed(FLAKY, true, Samples.T0));

    Place.Scheduled next = (Place.Scheduled) move.next();
    assertThat(next.dueAt()).isBetween(NOW.plusMillis(750), NOW.plusMillis(1250));
    assertThat(next.run().attempt()).isEqualTo(2);
    assertThat(next.run().key()).isEqualTo(new RunKey(Samples.TASK, 2));
    assertThat(move.end().nextAt()).isEqualTo(next.dueAt());
    assertThat(move.end().terminal()).isFalse();
  }

  @Test
  void failed_before_the_handler_was_called_has_no_start() {
    Move move = settle(Samples.task(), held(1), new Outcome.Failed(FLAKY, true, null));

    assertThat(move.end().start()).isNull();
    assertThat(move.end().version()).isEqualTo(3);
  }

  @Test
  void failed_with_its_attempts_spent_is_a_dead_letter() {
    Move move = settle(Samples.task(), held(3), new Outcome.Failed(FLAKY, true, Samples.T0));

    assertThat(move.to()).isEqualTo(TaskState.FAILED);
    assertThat(move.end().error()).isEqualTo(FLAKY);
  }

  @Test
  void failed_without_hope_is_a_dead_letter_at_once() {
    Move move = settle(Samples.task(), held(1), new Outcome.Failed(FLAKY, false, Samples.T0));

    assertThat(move.to()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void failed_with_a_type_that_is_not_retried_is_a_dead_letter_at_once() {
    RetryPolicy retry = RetryPolicy.DEFAULT.withNonRetryable(List.of("flaky"));
    TaskDefinition task = Samples.task(new RunPolicy(3, retry, null, null, WorkerLoss.RETRY));

    Move move = settle(task, held(1), new Outcome.Failed(FLAKY, true, Samples.T0));

    assertThat(move.to()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void released_keeps_attempt_and_marks() {
    Held marked = held(2).with(held(2).run().marked(Marks.DEPENDANTS));

    Move move = settle(Samples.task(), marked, new Outcome.Released(null));

    Run next = move.next().run();
    assertThat(move.to()).isEqualTo(TaskState.PENDING);
    assertThat(next).isEqualTo(new Run(new RunKey(Samples.TASK, 2), 2, 3, Marks.DEPENDANTS));
  }

  @Test
  void lost_before_a_recorded_start_keeps_the_attempt_and_marks_the_start() {
    Move move = Settlement.lose(Samples.task(), held(3), "gone", NOW);

    assertThat(move.to()).isEqualTo(TaskState.PENDING);
    assertThat(move.next().run().attempt()).isEqualTo(3);
    assertThat(move.next().run().marks().has(Marks.MARK_START)).isTrue();
  }

  @Test
  void lost_after_a_recorded_start_spends_the_attempt() {
    Held started = held(1).started(3, Samples.T0, null);

    Move move = Settlement.lose(Samples.task(), started, "gone", NOW);

    assertThat(move.next().run().attempt()).isEqualTo(2);
  }

  @Test
  void lost_fails_a_task_that_must_not_be_started_twice_only_when_it_was_started() {
    TaskDefinition task =
        Samples.task(new RunPolicy(3, RetryPolicy.DEFAULT, null, null, WorkerLoss.FAIL));
    Held started = held(1).started(3, Samples.T0, null);

    assertThat(Settlement.lose(task, held(1), "gone", NOW).to()).isEqualTo(TaskState.PENDING);
    assertThat(Settlement.lose(task, started, "gone", NOW).to()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void start_is_recorded_once_with_the_deadline_of_the_attempt() {
    TaskDefinition task = Samples.task(
        new RunPolicy(3, RetryPolicy.DEFAULT, Duration.ofSeconds(30), null, WorkerLoss.RETRY));

    Move first = Lifecycle.start(task, held(1), Samples.second(1));
    Held started = (Held) first.next();
    Move second = Lifecycle.start(task, started, Samples.second(9));

    assertThat(first.to()).isEqualTo(TaskState.RUNNING);
    assertThat(first.notes()).hasSize(1);
    assertThat(started.deadline()).isEqualTo(Samples.second(31));
    assertThat(second.notes()).isEmpty();
    assertThat(second.next()).isEqualTo(started);
  }

  @Test
  void onWorkerLoss_fail_marks_the_start_from_birth() {
    TaskDefinition once =
        Samples.task(new RunPolicy(3, RetryPolicy.DEFAULT, null, null, WorkerLoss.FAIL));

    assertThat(Lifecycle.initialMarks(once)).isEqualTo(Marks.MARK_START);
    assertThat(Lifecycle.initialMarks(Samples.task())).isEqualTo(Marks.NONE);
    assertThat(Lifecycle.born(once, 0, Marks.DEPENDANTS).run().marks())
        .isEqualTo(Marks.MARK_START.with(Marks.DEPENDANTS));
  }

  private static Move settle(TaskDefinition task, Held held, Outcome outcome) {
    return Settlement.settle(task, held, outcome, NOW, new Random(1));
  }

  private static Held held(int attempt) {
    Run run = new Run(new RunKey(Samples.TASK, 1), attempt, 1, Marks.NONE);
    return Lifecycle.claim(new Place.Ready(run), Samples.lease(2));
  }
}
