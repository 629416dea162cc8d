package dev.holdfast.application.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.loop.LoopThreads;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.task.WriteNotes;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.port.tx.ClaimAnswer.Claimed;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The watch alone, on a clock that it is told. */
class RecordRunsTest {

  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration BUSY = Duration.ofMillis(50);

  private final Desk desk = new Desk();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
  private final List<Execution> ended = new ArrayList<>();
  private final AtomicInteger wakes = new AtomicInteger();
  private final RecordRuns watch = watch();

  private RecordRuns watch() {
    Slots slots = new Slots(
        1,
        new LoopThreads("n", Meters.NONE, new SplittableRandom(1)),
        execution -> {},
        queued -> {});
    RecordRuns made = new RecordRuns(slots, new WriteNotes(desk.storage, done -> {}), ended::add);
    made.wakeBy(wakes::incrementAndGet);
    return made;
  }

  private List<Execution> watched(NewTask... tasks) {
    desk.submitAll(tasks);
    List<Execution> executions = Arrivals.of(
        new Claimed(desk.now(), desk.claim(tasks.length)),
        new ClaimClock(desk.now(), nanos.get(), nanos::get));
    watch.watch(executions);
    return executions;
  }

  private List<Execution> watched(int count, NewTask task) {
    List<Execution> all = new ArrayList<>();
    for (int left = count; left > 0; left -= 500) {
      NewTask[] some = Collections.nCopies(Math.min(left, 500), task).toArray(NewTask[]::new);
      all.addAll(watched(some));
    }
    return all;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private TaskState state(Execution execution) {
    return desk.state(execution.task());
  }

  private static NewTask timed(Duration timeout) {
    return Desk.work()
        .withPolicy(new RunPolicy(1, RunPolicy.DEFAULT.retry(), timeout, null, WorkerLoss.RETRY));
  }

  @Test
  void tick_looks_often_until_the_start_is_recorded_and_seldom_afterwards() {
    Execution run = watched(Desk.work()).getFirst();
    assertThat(wakes).hasValue(1);
    assertThat(watch.tick()).as("it waits for a slot").isEqualTo(BUSY);

    run.begin();
    assertThat(watch.tick()).isEqualTo(BUSY);
    pass(RecordRuns.LONG_RUN.minusNanos(1));
    watch.tick();
    assertThat(state(run)).as("not long yet").isEqualTo(TaskState.CLAIMED);

    pass(Duration.ofNanos(1));
    watch.tick();

    assertThat(state(run)).isEqualTo(TaskState.RUNNING);
    assertThat(watch.tick()).isEqualTo(IDLE);
    run.finish();
  }

  @Test
  void tick_forgets_what_has_ended_before_it_was_long() {
    List<Execution> runs = watched(Desk.work(), Desk.work());
    runs.getFirst().begin();
    runs.getFirst().finish();
    runs.getLast().forgotten();

    assertThat(watch.tick()).isEqualTo(IDLE);

    pass(RecordRuns.LONG_RUN);
    watch.tick();
    assertThat(runs).extracting(this::state).containsOnly(TaskState.CLAIMED);
  }

  @Test
  void tick_tries_a_start_again_that_could_not_be_recorded() {
    List<Execution> runs = watched(Desk.work(), Desk.work());
    runs.forEach(Execution::begin);
    watch.tick();
    pass(RecordRuns.LONG_RUN);
    desk.storage.down(true);
    assertThatThrownBy(watch::tick).hasMessageContaining("away");
    desk.storage.down(false);

    watch.tick();

    assertThat(runs).extracting(this::state).containsOnly(TaskState.RUNNING);
    runs.forEach(Execution::finish);
  }

  @Test
  void tick_ends_each_run_at_its_timeout_and_asks_to_be_called_then() {
    List<Execution> runs =
        watched(timed(Duration.ofMillis(700)), timed(Duration.ofMillis(400)), Desk.work());
    runs.forEach(Execution::begin);
    watch.tick();
    pass(Duration.ofMillis(300));
    watch.tick();
    assertThat(ended).isEmpty();
    assertThat(watch.tick()).isEqualTo(Duration.ofMillis(100));

    pass(Duration.ofMillis(100));
    assertThat(watch.tick()).isEqualTo(Duration.ofMillis(300));
    assertThat(ended).containsExactly(runs.get(1));

    runs.getFirst().forgotten();
    pass(Duration.ofSeconds(9));
    assertThat(watch.tick()).isEqualTo(IDLE);
    assertThat(ended).as("the other ended in time").hasSize(1);
    runs.forEach(Execution::finish);
  }

  @Test
  void a_timeout_shorter_than_a_long_run_is_seen_too() {
    Execution run = watched(timed(Duration.ofMillis(20))).getFirst();
    run.begin();
    assertThat(watch.tick()).isEqualTo(Duration.ofMillis(20));
    pass(Duration.ofMillis(20));

    watch.tick();

    assertThat(ended).containsExactly(run);
    run.finish();
  }

  @Test
  void runs_with_a_timeout_that_have_ended_are_not_kept_until_then() {
    for (int round = 0; round < 3; round++) {
      List<Execution> runs = watched(1000, timed(Duration.ofDays(1)));
      runs.forEach(Execution::begin);
      watch.tick();
      runs.forEach(Execution::finish);
    }
    assertThat(watch.timed()).isLessThan(3000);
  }

  @Test
  void progress_of_a_long_run_wakes_the_watch_and_is_sent() {
    Execution run = watched(Desk.work()).getFirst();
    run.begin();
    watch.tick();
    pass(RecordRuns.LONG_RUN);
    watch.tick();
    int before = wakes.get();

    watch.progress(run, new Progress(1, null));
    watch.progress(run, new Progress(2, null));

    assertThat(wakes).as("told once").hasValue(before + 1);
    watch.tick();
    assertThat(desk.view(run.task()).progress()).isEqualTo(new Progress(2, null));
    watch.progress(run, new Progress(3, null));
    assertThat(watch.tick()).as("it is too early to send it").isEqualTo(BUSY);
    assertThat(desk.view(run.task()).progress()).isEqualTo(new Progress(2, null));
    pass(Duration.ofSeconds(1));
    watch.tick();
    assertThat(desk.view(run.task()).progress()).isEqualTo(new Progress(3, null));
    watch.tick();
    assertThat(watch.tick()).as("nothing more is said").isEqualTo(IDLE);
    run.finish();
  }

  @Test
  void progress_of_what_is_over_is_not_sent() {
    Execution run = watched(Desk.work()).getFirst();
    run.begin();
    watch.progress(run, new Progress(1, null));
    run.finish();

    assertThat(watch.tick()).isEqualTo(IDLE);

    assertThat(desk.view(run.task()).progress()).isNull();
  }

  @Test
  void a_look_at_many_is_followed_by_a_longer_pause() {
    watched(1000, Desk.work());

    assertThat(watch.tick()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void many_starts_are_recorded_in_several_transactions() {
    List<Execution> runs = watched(501, Desk.work());
    runs.forEach(Execution::begin);
    watch.tick();
    pass(RecordRuns.LONG_RUN);

    assertThat(watch.tick()).isEqualTo(BUSY);
    assertThat(runs).filteredOn(run -> state(run) == TaskState.CLAIMED).hasSize(1);

    watch.tick();
    assertThat(runs).extracting(this::state).containsOnly(TaskState.RUNNING);
    runs.forEach(Execution::finish);
  }
}
