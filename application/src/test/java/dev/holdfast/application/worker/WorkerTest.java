package dev.holdfast.application.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.LoopThreads;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.task.Ledger;
import dev.holdfast.application.task.SettleRuns;
import dev.holdfast.application.testing.Await;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** The worker with its loops, on a storage whose time stands still. */
class WorkerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofMillis(20);

  private final Desk desk = new Desk();
  private final LinkedBlockingQueue<Ledger.Effects> committed = new LinkedBlockingQueue<>();
  private final LoopThreads threads = new LoopThreads("n", Meters.NONE, new SplittableRandom(1));
  private final CountDownLatch entered = new CountDownLatch(1);
  private final Semaphore release = new Semaphore(0);
  private final AtomicInteger calls = new AtomicInteger();
  private Handler behaviour = context -> context.payload();
  private final LongAdder stale = new LongAdder();
  private final Meters meters = new Meters() {
    @Override
    public void count(String name, long amount, String... tags) {
      if (name.equals("holdfast.runs.stale")) {
        stale.add(amount);
      }
    }

    @Override
    public void time(String name, Duration duration, String... tags) {}

    @Override
    public void gauge(String name, DoubleSupplier value, String... tags) {}
  };
  private final Worker worker = worker(1);

  private Worker worker(int slots) {
    Handler handler = context -> {
      calls.incrementAndGet();
      return behaviour.handle(context);
    };
    return new Worker(
        new NodeId("n"),
        slots,
        new Handlers(Map.of(new TypeName("work"), handler), new TinyJson()),
        desk.storage,
        threads,
        committed::add,
        meters);
  }

  private void drive() {
    worker.loops().forEach(threads::start);
  }

  @AfterEach
  void halt() {
    release.release(100);
    threads.halt();
  }

  private TaskId start(NewTask task) {
    TaskId id = desk.submit(task);
    accept(desk.claimOnly());
    return id;
  }

  private void accept(Assignment... runs) {
    worker.accept(new ClaimAnswer.Claimed(desk.now(), List.of(runs)), System.nanoTime());
  }

  private TaskView awaitState(TaskId task, TaskState state) {
    Await.until(() -> desk.state(task) == state);
    return desk.view(task);
  }

  private Json block(TaskContext context) throws InterruptedException {
    entered.countDown();
    release.acquire();
    return context.payload();
  }

  private Json blockWhateverComes(TaskContext context) {
    entered.countDown();
    release.acquireUninterruptibly();
    return context.payload();
  }

  @Test
  void the_context_tells_the_handler_what_it_must_know() throws Exception {
    LinkedBlockingQueue<List<Object>> seen = new LinkedBlockingQueue<>();
    behaviour = context -> {
      seen.add(List.of(
          context.task().id(),
          context.payload(),
          context.attempt(),
          context.fence(),
          context.isStopping(),
          context.deadline() == null,
          context.upstream().size(),
          MDC.get("task")));
      return Json.NULL;
    };
    drive();

    TaskId id = start(Desk.work());

    assertThat(seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .containsExactly(id, Json.EMPTY_OBJECT, 1, 1, false, true, 0, id.toString());
    awaitState(id, TaskState.COMPLETED);
  }

  @Test
  void an_interrupt_and_the_log_keys_of_one_task_do_not_reach_the_next_of_the_slot()
      throws Exception {
    LinkedBlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<Boolean> clean = new LinkedBlockingQueue<>();
    behaviour = context -> {
      interrupted.add(Thread.currentThread().isInterrupted());
      clean.add(MDC.get("mine") == null);
      MDC.put("mine", "x");
      Thread.currentThread().interrupt();
      return Json.NULL;
    };
    List<TaskId> ids = desk.submitAll(Desk.work(), Desk.work(), Desk.work());
    accept(desk.claim(3).toArray(Assignment[]::new));
    drive();

    for (TaskId id : ids) {
      awaitState(id, TaskState.COMPLETED);
    }
    assertThat(interrupted).containsOnly(false).hasSize(3);
    assertThat(clean).containsOnly(true);
  }

  @Test
  void a_result_of_more_than_a_mebibyte_fails_the_attempt() throws Exception {
    behaviour = context -> new Json("\"" + "x".repeat(NewTask.MAX_PAYLOAD_BYTES) + "\"");
    drive();

    TaskView view = awaitState(start(Desk.once()), TaskState.FAILED);

    assertThat(view.error().type()).isEqualTo("result-too-large");
  }

  @Test
  void a_result_that_the_storage_refuses_fails_the_attempt() throws Exception {
    desk.storage.refuse((method, arguments) -> method.equals("complete")
        && ((Collection<?>) arguments[0])
            .stream()
                .anyMatch(one -> ((Completion) one).outcome().result().text().equals("bad")));
    behaviour = context -> new Json(context.task().priority() == 9 ? "bad" : "1");
    List<TaskId> ids = desk.submitAll(Desk.once(), Desk.once().withPriority(9), Desk.once());
    accept(desk.claim(3).toArray(Assignment[]::new));
    drive();

    assertThat(awaitState(ids.get(1), TaskState.FAILED).error().type()).isEqualTo("result-refused");
    awaitState(ids.get(0), TaskState.COMPLETED);
    awaitState(ids.get(2), TaskState.COMPLETED);
  }

  @Test
  void a_handler_that_gives_no_result_fails_the_attempt() throws Exception {
    behaviour = context -> null;
    drive();

    awaitState(start(Desk.once()), TaskState.FAILED);
  }

  @Test
  void an_error_of_a_handler_fails_the_attempt_and_not_the_node() throws Exception {
    behaviour = context -> {
      throw new StackOverflowError("deep");
    };
    drive();

    TaskView view = awaitState(start(Desk.once()), TaskState.FAILED);

    assertThat(view.error().type()).isEqualTo("java.lang.StackOverflowError");
  }

  @Test
  void a_start_is_recorded_before_the_handler_when_a_claim_was_lost() throws Exception {
    TaskId id = desk.submit(Desk.work());
    desk.claimOnly();
    desk.storage.sessions().end(desk.session);
    desk.reclaim.tick();
    desk.session = desk.open("desk");
    LinkedBlockingQueue<TaskState> seen = new LinkedBlockingQueue<>();
    behaviour = context -> {
      seen.add(desk.state(context.task().id()));
      return Json.NULL;
    };
    drive();

    accept(desk.claimOnly());

    assertThat(seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(TaskState.RUNNING);
    awaitState(id, TaskState.COMPLETED);
    assertThat(desk.story(id)).endsWith(EventType.STARTED, EventType.COMPLETED);
  }

  @Test
  void a_run_whose_start_cannot_be_recorded_is_not_called() throws Exception {
    NewTask fragile = Desk.work()
        .withPolicy(new RunPolicy(3, RunPolicy.DEFAULT.retry(), null, null, WorkerLoss.FAIL));
    desk.storage.loseAnswersOf("lock", 1);
    drive();

    TaskId id = start(fragile);

    awaitState(id, TaskState.PENDING);
    assertThat(calls).hasValue(0);
    assertThat(desk.story(id)).endsWith(EventType.RELEASED);
  }

  @Test
  void a_run_that_is_no_longer_held_is_not_called() throws Exception {
    NewTask fragile = Desk.work()
        .withPolicy(new RunPolicy(3, RunPolicy.DEFAULT.retry(), null, null, WorkerLoss.FAIL));
    desk.submit(fragile);
    Assignment old = desk.claimOnly();
    desk.settle(old, new Outcome.Released(null));
    Assignment now = desk.claimOnly();
    drive();

    accept(old);
    Await.until(() -> worker.freeSlots() == 1);
    accept(now);

    awaitState(now.definition().id(), TaskState.COMPLETED);
    assertThat(calls).hasValue(1);
  }

  @Test
  void a_timeout_ends_the_attempt_whatever_the_handler_does() throws Exception {
    behaviour = this::blockWhateverComes;
    RunPolicy policy =
        new RunPolicy(1, RunPolicy.DEFAULT.retry(), Duration.ofMillis(30), null, WorkerLoss.RETRY);
    drive();

    TaskView view = awaitState(start(Desk.work().withPolicy(policy)), TaskState.FAILED);

    assertThat(view.error().type()).isEqualTo("timeout");
    assertThat(worker.freeSlots()).as("its slot is still taken").isZero();
    release.release();
    Await.until(() -> worker.freeSlots() == 1);
    assertThat(desk.story(view.definition().id())).endsWith(EventType.DEAD_LETTERED);
  }

  @Test
  void a_long_run_is_recorded_and_only_its_newest_progress_in_a_second() throws Exception {
    behaviour = context -> {
      context.progress(1, "old");
      context.progress(2, "new");
      entered.countDown();
      release.acquire();
      return Json.NULL;
    };
    TaskId id = start(Desk.work());
    entered.await();
    drive();
    Await.until(() -> desk.view(id).progress() != null);
    assertThat(desk.view(id).progress()).isEqualTo(new Progress(2, "new"));

    release.release();
    awaitState(id, TaskState.COMPLETED);

    assertThat(desk.story(id))
        .containsExactly(
            EventType.CREATED,
            EventType.ASSIGNED,
            EventType.STARTED,
            EventType.PROGRESSED,
            EventType.COMPLETED);
  }

  @Test
  void progress_that_could_not_be_sent_is_sent_later() throws Exception {
    behaviour = context -> {
      context.progress(50, null);
      return block(context);
    };
    TaskId id = start(Desk.work());
    entered.await();
    Loop watch = worker.loops().get(1);
    desk.storage.down(true);
    org.assertj.core.api.Assertions.assertThatThrownBy(watch::tick).hasMessageContaining("away");
    desk.storage.down(false);

    watch.tick();

    assertThat(desk.view(id).progress()).isEqualTo(new Progress(50, null));
  }

  @Test
  void a_run_that_is_found_lost_while_it_runs_is_interrupted() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    behaviour = context -> {
      context.progress(1, null);
      try {
        return block(context);
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
    };
    TaskId id = start(Desk.work());
    entered.await();
    desk.cancel.cancel(id, "now", true);

    drive();

    assertThat(interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    Await.until(() -> worker.freeSlots() == 1);
    assertThat(desk.story(id)).endsWith(EventType.ASSIGNED, EventType.CANCELLED);
  }

  @Test
  void revoked_stops_the_run_that_it_names_and_no_later_one() throws Exception {
    behaviour = this::block;
    TaskId id = start(Desk.work());
    entered.await();
    drive();

    worker.revoked(new RunKey(id, 7));
    release.release();

    awaitState(id, TaskState.COMPLETED);
  }

  @Test
  void drain_gives_back_what_has_not_begun_and_lets_the_running_finish() throws Exception {
    behaviour = this::block;
    List<TaskId> ids = desk.submitAll(Desk.work(), Desk.work());
    accept(desk.claim(2).toArray(Assignment[]::new));
    entered.await();
    drive();
    Thread finisher = Thread.ofVirtual().start(() -> {
      Await.until(() -> desk.state(ids.get(1)) == TaskState.PENDING);
      release.release();
    });

    worker.drain(PATIENCE, PATIENCE);

    finisher.join();
    assertThat(ids).extracting(desk::state).containsExactly(TaskState.COMPLETED, TaskState.PENDING);
    assertThat(desk.story(ids.get(1))).endsWith(EventType.RELEASED);
  }

  @Test
  void drain_interrupts_what_does_not_finish_and_gives_it_back() throws Exception {
    behaviour = this::block;
    TaskId id = start(Desk.once());
    entered.await();
    drive();

    worker.drain(Duration.ZERO, PATIENCE);

    assertThat(desk.state(id)).isEqualTo(TaskState.PENDING);
    assertThat(desk.story(id)).endsWith(EventType.STARTED, EventType.RELEASED);
    assertThat(desk.claimOnly().held().run().attempt()).isEqualTo(1);
  }

  @Test
  void drain_gives_back_what_a_handler_that_ignores_interruption_holds() throws Exception {
    behaviour = this::blockWhateverComes;
    TaskId id = start(Desk.once());
    entered.await();
    drive();

    worker.drain(Duration.ZERO, SOON);
    awaitState(id, TaskState.PENDING);

    Assignment again = desk.claimOnly();
    release.release();
    Await.until(() -> worker.freeSlots() == 1);
    assertThat(desk.complete(again)).isEqualTo(new SettleRuns.Answer.Accepted());
  }

  @Test
  void drain_does_not_hang_while_the_storage_is_away() throws Exception {
    behaviour = this::block;
    TaskId id = start(Desk.once());
    entered.await();
    drive();
    desk.storage.down(true);

    worker.drain(Duration.ZERO, SOON);
    threads.halt();
    worker.abandon();

    desk.storage.down(false);
    assertThat(desk.state(id)).as("left to the end of the session").isEqualTo(TaskState.CLAIMED);
  }

  @Test
  void accept_after_the_drain_begins_nothing() throws Exception {
    drive();
    worker.drain(Duration.ZERO, PATIENCE);

    TaskId id = start(Desk.work());

    assertThat(worker.freeSlots()).isEqualTo(1);
    assertThat(desk.state(id)).isEqualTo(TaskState.CLAIMED);
    assertThat(calls).hasValue(0);
  }

  @Test
  void fence_stops_everything_and_drops_its_word() throws Exception {
    behaviour = this::block;
    List<TaskId> ids = desk.submitAll(Desk.work(), Desk.work());
    accept(desk.claim(2).toArray(Assignment[]::new));
    entered.await();
    drive();

    worker.fence();

    Await.until(() -> worker.freeSlots() == 1);
    assertThat(ids).extracting(desk::state).containsOnly(TaskState.CLAIMED);
    assertThat(calls).hasValue(1);
  }

  @Test
  void fence_refuses_and_counts_the_return_of_a_handler_that_goes_on() throws Exception {
    behaviour = this::blockWhateverComes;
    TaskId id = start(Desk.work());
    entered.await();
    drive();

    worker.fence();
    release.release();

    Await.until(() -> worker.freeSlots() == 1);
    assertThat(stale.sum()).isEqualTo(1);
    assertThat(desk.state(id)).isEqualTo(TaskState.CLAIMED);
  }

  @Test
  void room_is_told_when_a_run_has_left() throws Exception {
    Semaphore told = new Semaphore(0);
    worker.onRoom(told::release);
    drive();

    start(Desk.work());

    assertThat(told.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(worker.wanted()).isPositive();
    assertThat(worker(0).wanted()).isZero();
  }
}
