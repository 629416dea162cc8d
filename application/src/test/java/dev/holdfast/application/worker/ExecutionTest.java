package dev.holdfast.application.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.port.tx.ClaimAnswer.Claimed;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.TaskError;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExecutionTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Desk desk = new Desk();
  private final Execution execution = execution();

  private final Reports reports = new Reports();

  private Execution execution() {
    desk.submit(Desk.work());
    return executions().getFirst();
  }

  private List<Execution> executions() {
    List<Assignment> claimed = desk.claim(10);
    return Arrivals.of(
        new Claimed(desk.now(), claimed),
        new ClaimClock(desk.now(), System.nanoTime(), System::nanoTime));
  }

  @AfterEach
  void leaveNoInterruptBehind() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void begin_forgets_the_interrupt_of_the_slots_last_task() {
    Thread.currentThread().interrupt();

    assertThat(execution.begin()).isTrue();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void finish_forgets_the_interrupt_of_a_stop_and_no_later_one_comes() {
    execution.begin();
    execution.stop(StopCause.CANCEL);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();

    execution.finish();
    execution.stop(StopCause.SHUTDOWN);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(execution.isRunning()).isFalse();
  }

  @Test
  void a_handler_is_interrupted_once_for_each_cause() {
    execution.begin();
    execution.stop(StopCause.CANCEL);
    assertThat(Thread.interrupted()).isTrue();

    execution.stop(StopCause.CANCEL);
    assertThat(Thread.interrupted()).isFalse();

    execution.stop(StopCause.SHUTDOWN);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(execution.stopCause()).as("the first cause stays").isEqualTo(StopCause.CANCEL);

    execution.stop(StopCause.REVOKED);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(execution.stopCause()).as("but for a revocation").isEqualTo(StopCause.REVOKED);
  }

  @Test
  void begin_refuses_what_was_stopped_before() {
    execution.stop(StopCause.CANCEL);

    assertThat(execution.begin()).isFalse();
  }

  @Test
  void what_has_ended_or_is_revoked_or_forgotten_is_over() {
    assertThat(execution.isOver()).isFalse();
    execution.begin();
    execution.stop(StopCause.SHUTDOWN);
    assertThat(execution.isOver()).as("its own word counts").isFalse();
    execution.stop(StopCause.REVOKED);
    assertThat(execution.isOver()).isTrue();
    execution.finish();

    Execution ended = execution();
    ended.begin();
    ended.finish();
    assertThat(ended.isOver()).isTrue();

    Execution forgotten = execution();
    forgotten.forgotten();
    assertThat(forgotten.isOver()).isTrue();
  }

  @Test
  void runs_of_one_claim_share_what_is_equal_in_them() {
    RunPolicy policy = new RunPolicy(7, RunPolicy.DEFAULT.retry(), SECOND, null, WorkerLoss.RETRY);
    desk.submitAll(Desk.work().tagged("a"), Desk.work().tagged("a"), Desk.work());
    desk.submit(Desk.work().withPolicy(policy).withPriority(9));

    List<Execution> runs = executions();

    TaskDefinition first = runs.getFirst().definition();
    TaskDefinition second = runs.get(1).definition();
    assertThat(second.policy()).isSameAs(first.policy());
    assertThat(second.address()).isSameAs(first.address());
    assertThat(second.constraints()).isSameAs(first.constraints());
    assertThat(second.identity()).isSameAs(first.identity());
    assertThat(runs.get(1).lease()).isSameAs(runs.getFirst().lease());
    assertThat(runs)
        .extracting(run -> run.definition().identity().tags())
        .containsExactly(List.of("a"), List.of("a"), List.of(), List.of());
    assertThat(runs.getLast().definition().policy()).isEqualTo(policy);
    assertThat(runs.getLast().definition().priority()).isEqualTo(9);
  }

  @Test
  void takeSettlement_is_true_once() {
    assertThat(execution.takeSettlement()).isTrue();
    assertThat(execution.takeSettlement()).isFalse();
  }

  @Test
  void report_is_true_when_nobody_is_about_to_look() {
    assertThat(reports.report(new Progress(1, null))).isTrue();
    assertThat(reports.report(new Progress(2, null))).isFalse();
    assertThat(reports.isSilent()).isFalse();
    reports.take(0, SECOND);
    assertThat(reports.report(new Progress(3, null))).as("looked for still").isFalse();
    reports.take(SECOND.toNanos(), SECOND);

    assertThat(reports.isSilent()).isTrue();

    assertThat(reports.report(new Progress(4, null))).isTrue();
  }

  @Test
  void take_gives_the_newest_at_most_once_in_the_interval() {
    reports.report(new Progress(1, null));
    reports.report(new Progress(2, null));

    assertThat(reports.take(-5, SECOND)).isEqualTo(new Progress(2, null));
    reports.report(new Progress(3, null));
    assertThat(reports.take(SECOND.toNanos() - 6, SECOND)).as("too early").isNull();
    assertThat(reports.take(SECOND.toNanos() - 5, SECOND)).isEqualTo(new Progress(3, null));
    assertThat(reports.take(2 * SECOND.toNanos(), SECOND)).as("nothing new").isNull();
  }

  @Test
  void notSent_makes_it_news_again_unless_there_is_newer() {
    reports.report(new Progress(1, null));
    reports.take(0, SECOND);
    reports.notSent(new Progress(1, null));
    assertThat(reports.take(0, SECOND)).isEqualTo(new Progress(1, null));

    reports.report(new Progress(2, null));
    reports.notSent(new Progress(1, null));
    assertThat(reports.take(0, SECOND)).isEqualTo(new Progress(2, null));
  }

  @Test
  void its_time_is_that_of_the_claim_and_the_monotonic_time_since() {
    execution.begin();

    assertThat(execution.beganAt()).isAfterOrEqualTo(desk.now());
    assertThat(execution.now()).isAfterOrEqualTo(execution.beganAt());
    assertThat(execution.beganAt())
        .as("whole microseconds")
        .isEqualTo(execution.beganAt().truncatedTo(ChronoUnit.MICROS));
    assertThat(execution.deadline()).isNull();
    execution.finish();
  }

  @Test
  void wanted_is_what_is_free_for_long_runs_and_a_reserve_for_short_ones() {
    Pace pace = new Pace();
    assertThat(pace.wanted(0, 0, 0)).isZero();
    assertThat(pace.wanted(8, 3, 0)).isEqualTo(3);
    assertThat(pace.wanted(8, 0, 5)).isZero();
    assertThat(pace.wanted(10, 4, 6)).as("those that wait have their slots").isEqualTo(4);
    assertThat(pace.wanted(10_000, 10_000, 0)).isEqualTo(ClaimRequest.MAX_LIMIT);

    for (int i = 0; i < 200; i++) {
      pace.took(Duration.ofNanos(50_000));
    }
    assertThat(pace.wanted(8, 0, 0)).isEqualTo(ClaimRequest.MAX_LIMIT);
    assertThat(pace.wanted(8, 0, 400)).isEqualTo(ClaimRequest.MAX_LIMIT - 400);
    assertThat(pace.wanted(8, 0, 1100)).isZero();

    pace.took(Duration.ofSeconds(5));
    assertThat(pace.wanted(8, 3, 0)).as("one long run ends it").isEqualTo(3);
  }

  @Test
  void nothing_is_held_in_reserve_before_twenty_runs_have_said_how_long_they_take() {
    Pace pace = new Pace();
    for (int i = 0; i < 19; i++) {
      pace.took(Duration.ofMillis(i % 2 == 0 ? 1 : 3));
      assertThat(pace.reserve(8)).isZero();
    }

    pace.took(Duration.ofMillis(3));

    assertThat(pace.reserve(8)).as("their mean is 2 ms").isBetween(79, 80);
  }

  @Test
  void reserve_is_what_the_slots_run_in_a_moment_at_their_measured_rate() {
    Pace pace = new Pace();
    for (int i = 0; i < 2000; i++) {
      pace.took(Duration.ofMillis(2));
    }

    assertThat(pace.reserve(8)).isBetween(79, 80);
    assertThat(pace.reserve(16)).isBetween(159, 160);
    assertThat(pace.wanted(8, 0, 30)).isBetween(49, 50);
    for (int i = 0; i < 2000; i++) {
      pace.took(Duration.ofMillis(11));
    }
    assertThat(pace.reserve(8)).isZero();
  }

  @Test
  void errors_are_bounded_in_message_stack_and_causes() {
    Throwable thrown = new IllegalStateException("x".repeat(10_000));
    for (int i = 0; i < 30; i++) {
      thrown = new IllegalArgumentException("y".repeat(10_000), thrown);
    }

    TaskError error = Errors.of(thrown);

    assertThat(error.type()).isEqualTo("java.lang.IllegalArgumentException");
    assertThat(error.message()).hasSize(Errors.MAX_MESSAGE);
    assertThat(error.stackTrace()).hasSize(Errors.MAX_STACK);
    int depth = 1;
    for (TaskError cause = error.cause(); cause != null; cause = cause.cause()) {
      assertThat(cause.stackTrace()).isNull();
      assertThat(cause.message()).hasSize(Errors.MAX_MESSAGE);
      depth++;
    }
    assertThat(depth).isEqualTo(TaskError.MAX_DEPTH);
  }

  @Test
  void errors_hold_nothing_that_no_storage_keeps() {
    String bad = "a\u0000b\uD800c" + "\uD83D\uDE00".repeat(Errors.MAX_MESSAGE);

    TaskError error = Errors.of(TaskFailure.of("app\u0000Bad", bad));

    assertThat(error.type()).isEqualTo("app\uFFFDBad");
    assertThat(error.message()).startsWith("a\uFFFDb\uFFFDc\uD83D\uDE00");
    assertThat(error.message().chars().filter(c -> c == 0)).isEmpty();
  }

  @Test
  void errors_of_a_failure_without_a_message_and_of_one_whose_methods_fail_are_told() {
    assertThat(Errors.of(new IllegalStateException()).message()).isEmpty();
    assertThat(Errors.of(new Rude()).type()).isEqualTo(Rude.class.getName());
  }

  private static final class Rude extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no comment");
    }
  }
}
