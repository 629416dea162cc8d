package dev.holdfast.application.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.task.ReplayAnswer;
import dev.holdfast.application.testing.Await;
import dev.holdfast.application.testing.TamperedStorage;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps of real handlers on a real engine, over failures, lost workers, replays and outages. */
class StepsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final RunPolicy QUICK = new RunPolicy(
      3,
      new RetryPolicy(
          BackoffStrategy.FIXED, Duration.ofMillis(10), Duration.ofMillis(10), 0, List.of()),
      null,
      null,
      WorkerLoss.RETRY);
  private static final EngineSettings SETTINGS = new EngineSettings(
      new NodeId("test"),
      "",
      Map.of(),
      8,
      Duration.ofMillis(50),
      Duration.ofSeconds(30),
      Duration.ofSeconds(60),
      Duration.ofMillis(50),
      Duration.ofSeconds(1));

  private final TamperedStorage storage =
      new TamperedStorage(new InMemoryStorage(InstantSource.system()));
  private final AtomicInteger charges = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private final Semaphore release = new Semaphore(0);
  private final BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
  private Handler behaviour = this::charge;
  private final Engine engine = new EngineBuilder(storage, new TinyJson(), SETTINGS)
      .handler("work", context -> {
        calls.incrementAndGet();
        return behaviour.handle(context);
      })
      .start();

  @AfterEach
  void stop() {
    storage.down(false);
    release.release(100);
    engine.stop(Duration.ZERO);
  }

  private Json charge(TaskContext context) throws Exception {
    return context.once("charge", () -> new Json(Integer.toString(charges.incrementAndGet())));
  }

  private TaskId submit() {
    return engine.tasks().submit(NewTask.of("work", Json.EMPTY_OBJECT).withPolicy(QUICK));
  }

  private TaskView await(TaskId task) throws InterruptedException {
    TaskView view = engine.tasks().await(task, PATIENCE).orElseThrow();
    assertThat(view.state().isTerminal()).as("%s ends", view.state()).isTrue();
    return view;
  }

  private List<EventType> story(TaskId task) {
    List<TaskEvent> events = engine.events().log().ofTask(task, 0, 100);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).version()).isEqualTo(i + 1);
    }
    return events.stream().map(TaskEvent::type).toList();
  }

  private Map<String, Json> recorded(TaskId task) {
    return storage.transact((StorageTx tx) -> tx.steps().of(task));
  }

  @Test
  void once_answers_what_the_step_came_to_and_keeps_it() throws Exception {
    TaskId task = submit();

    assertThat(await(task).result()).isEqualTo(new Json("1"));
    assertThat(recorded(task)).isEqualTo(Map.of("charge", new Json("1")));
    assertThat(story(task))
        .containsExactly(
            EventType.CREATED, EventType.ASSIGNED, EventType.STARTED, EventType.COMPLETED);
  }

  @Test
  void once_takes_a_step_again_neither_in_the_same_attempt_nor_after_a_failure() throws Exception {
    behaviour = context -> {
      Json first = charge(context);
      assertThat(charge(context)).isEqualTo(first);
      if (context.attempt() < 3) {
        throw new IllegalStateException("not yet");
      }
      return first;
    };

    TaskView done = await(submit());

    assertThat(done.result()).isEqualTo(new Json("1"));
    assertThat(done.attempt()).isEqualTo(3);
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_takes_a_step_again_that_threw() throws Exception {
    behaviour = context -> context.once("charge", () -> {
      if (charges.incrementAndGet() == 1) {
        throw new IllegalStateException("no connection");
      }
      return new Json("true");
    });

    assertThat(await(submit()).result()).isEqualTo(new Json("true"));
    assertThat(charges).hasValue(2);
  }

  @Test
  void once_takes_no_step_again_whose_worker_was_lost_after_it() throws Exception {
    CountDownLatch charged = new CountDownLatch(1);
    behaviour = context -> {
      Json result = charge(context);
      if (context.fence() == 1) {
        charged.countDown();
        linger(context);
      }
      return result;
    };
    TaskId task = submit();
    charged.await();

    storage.sessions().end(onlySession());

    assertThat(await(task).result()).isEqualTo(new Json("1"));
    assertThat(charges).hasValue(1);
    assertThat(calls).hasValue(2);
    assertThat(story(task)).contains(EventType.REASSIGNED);
    assertThat(thrown.take()).isInstanceOf(StaleLease.class);
  }

  /** Stays until it is told to stop, and then wants to take one more step. */
  private void linger(TaskContext context) throws Exception {
    while (!context.isStopping()) {
      Thread.onSpinWait();
    }
    try {
      context.once("late", () -> new Json(Integer.toString(charges.incrementAndGet())));
    } catch (StaleLease e) {
      thrown.add(e);
      throw e;
    }
  }

  private SessionId onlySession() {
    List<SessionId> sessions =
        storage.sessions().nodes().stream().map(n -> n.session()).toList();
    assertThat(sessions).hasSize(1);
    return sessions.getFirst();
  }

  @Test
  void once_stops_a_handler_whose_run_was_taken_while_it_worked() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    behaviour = context -> context.once("charge", () -> {
      if (charges.incrementAndGet() == 1) {
        working.countDown();
        release.acquireUninterruptibly();
      }
      return new Json(Integer.toString(context.fence()));
    });
    TaskId task = submit();
    working.await();
    storage.sessions().end(onlySession());
    Await.until(() -> charges.get() == 2);
    assertThat(await(task).result()).isEqualTo(new Json("2"));

    release.release();

    Await.until(() -> story(task).contains(EventType.COMPLETED));
    assertThat(recorded(task)).isEqualTo(Map.of("charge", new Json("2")));
  }

  @Test
  void once_finds_what_was_recorded_before_a_replay() throws Exception {
    behaviour = context -> {
      Json result = charge(context);
      if (context.fence() == 1) {
        throw TaskFailure.fatal("boom", "no luck");
      }
      return result;
    };
    TaskId task = submit();
    assertThat(await(task).state()).isEqualTo(TaskState.FAILED);

    assertThat(engine.tasks().replay(task)).isInstanceOf(ReplayAnswer.Replayed.class);

    assertThat(await(task).result()).isEqualTo(new Json("1"));
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_by_two_at_the_same_time_answers_both_the_same() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    behaviour = context -> {
      CompletableFuture<Json> other = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> other.complete(unchecked(() -> together(context, together))));
      Json mine = together(context, together);
      assertThat(other.get()).isEqualTo(mine);
      return mine;
    };

    TaskView done = await(submit());

    assertThat(done.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(charges).hasValue(2);
    assertThat(recorded(done.definition().id())).containsValue(done.result());
  }

  private Json together(TaskContext context, CyclicBarrier barrier) throws Exception {
    return context.once("charge", () -> {
      int number = charges.incrementAndGet();
      barrier.await();
      return new Json(Integer.toString(number));
    });
  }

  private static Json unchecked(Callable<Json> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void once_waits_for_a_storage_that_is_away() throws Exception {
    behaviour = context -> {
      Json result = context.once("charge", () -> {
        storage.down(true);
        return new Json(Integer.toString(charges.incrementAndGet()));
      });
      if (context.fence() == 1) {
        throw new IllegalStateException("not yet");
      }
      return result;
    };
    TaskId task = submit();
    Await.until(() -> charges.get() == 1);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();

    storage.down(false);

    assertThat(await(task).result()).isEqualTo(new Json("1"));
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_recognises_its_own_record_whose_answer_was_lost() throws Exception {
    storage.loseAnswersOf("record", 1);

    assertThat(await(submit()).result()).isEqualTo(new Json("1"));
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_passes_on_what_a_storage_refuses() throws Exception {
    storage.refuse((method, arguments) -> method.equals("record"));

    TaskView failed = await(submit());

    assertThat(failed.state()).isEqualTo(TaskState.FAILED);
    assertThat(failed.error().type()).isEqualTo(StorageRejected.class.getName());
    assertThat(charges).hasValue(3);
  }

  @Test
  void once_maps_what_is_typed() throws Exception {
    behaviour = context -> {
      String text = context.once("greet", String.class, () -> "hello " + calls.get());
      if (context.attempt() == 1) {
        throw new IllegalStateException("not yet");
      }
      return new Json('"' + text + '"');
    };

    assertThat(await(submit()).result()).isEqualTo(new Json("\"hello 1\""));
  }

  @Test
  @SuppressWarnings("NullAway") // what callers without such checks do
  void once_takes_nothing_for_the_json_null() throws Exception {
    behaviour = context -> context.once("nothing", () -> null);

    assertThat(await(submit()).result()).isEqualTo(Json.NULL);
  }

  @Test
  void once_refuses_a_result_that_is_too_large_and_the_task_is_not_tried_again() throws Exception {
    behaviour = context -> context.once("big", () -> {
      charges.incrementAndGet();
      return new Json('"' + "x".repeat(StepResult.MAX_BYTES) + '"');
    });

    TaskView failed = await(submit());

    assertThat(failed.error().type()).isEqualTo("step-result-too-large");
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_refuses_more_steps_than_a_task_may_have() throws Exception {
    String half = '"' + "x".repeat(StepResult.MAX_BYTES - 2) + '"';
    behaviour = context -> {
      for (int i = 0; i < 65; i++) {
        context.once("step-" + i, () -> new Json(half));
      }
      return Json.NULL;
    };

    TaskView failed = await(submit());

    assertThat(failed.error().type()).isEqualTo("too-many-steps");
    assertThat(recorded(failed.definition().id())).hasSize(64);
  }

  @Test
  void once_refuses_keys_that_are_none() throws Exception {
    behaviour = context -> {
      for (String key : List.of("", "x".repeat(101), "a\0b", "a\ud800")) {
        assertThatThrownBy(() -> context.once(key, () -> Json.NULL))
            .isInstanceOf(IllegalArgumentException.class);
      }
      return context.once("x".repeat(100), () -> Json.NULL);
    };

    assertThat(await(submit()).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void once_of_many_steps_shares_transactions() throws Exception {
    int tasks = 8;
    int each = 50;
    behaviour = context -> {
      var done = IntStream.range(0, each)
          .mapToObj(i -> {
            CompletableFuture<Json> step = new CompletableFuture<>();
            Thread.ofVirtual()
                .start(() ->
                    step.complete(unchecked(() -> context.once("step-" + i, () -> Json.NULL))));
            return step;
          })
          .toList();
      done.forEach(CompletableFuture::join);
      return Json.NULL;
    };
    List<TaskId> ids = Stream.generate(this::submit).limit(tasks).toList();

    for (TaskId id : ids) {
      assertThat(await(id).state()).isEqualTo(TaskState.COMPLETED);
      assertThat(recorded(id)).hasSize(each);
    }
    assertThat(storage.transactions()).isLessThan(tasks * each);
  }
}
