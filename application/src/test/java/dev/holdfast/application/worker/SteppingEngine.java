package dev.holdfast.application.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.testing.TamperedStorage;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** A real engine with one handler that tests give its behaviour. */
abstract class SteppingEngine {

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

  final TamperedStorage storage = new TamperedStorage(new InMemoryStorage(InstantSource.system()));
  final AtomicInteger charges = new AtomicInteger();
  final AtomicInteger calls = new AtomicInteger();
  final Semaphore release = new Semaphore(0);
  final BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
  Handler behaviour = this::charge;
  final Engine engine = new EngineBuilder(storage, new TinyJson(), SETTINGS)
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

  Json charge(TaskContext context) throws Exception {
    return context.once("charge", () -> new Json(Integer.toString(charges.incrementAndGet())));
  }

  TaskId submit() {
    return engine.tasks().submit(NewTask.of("work", Json.EMPTY_OBJECT).withPolicy(QUICK));
  }

  TaskView await(TaskId task) throws InterruptedException {
    TaskView view = engine.tasks().await(task, PATIENCE).orElseThrow();
    assertThat(view.state().isTerminal()).as("%s ends", view.state()).isTrue();
    return view;
  }

  List<EventType> story(TaskId task) {
    List<TaskEvent> events = engine.events().log().ofTask(task, 0, 100);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).version()).isEqualTo(i + 1);
    }
    return events.stream().map(TaskEvent::type).toList();
  }

  Map<String, Json> recorded(TaskId task) {
    return storage.transact((StorageTx tx) -> tx.steps().of(task));
  }

  static Json unchecked(Callable<Json> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
