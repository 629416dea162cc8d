package dev.holdfast.application.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.engine.Health;
import dev.holdfast.application.engine.StorageHeld;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.application.testing.Await;
import dev.holdfast.application.testing.TamperedStorage;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole node whose storage goes away and comes back. */
class OutageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final EngineSettings SETTINGS = new EngineSettings(
      new NodeId("test"),
      "",
      Map.of(),
      8,
      Duration.ofMillis(50),
      Duration.ofSeconds(10),
      Duration.ofSeconds(30),
      Duration.ofMillis(100),
      Duration.ofSeconds(5));

  private final InMemoryStorage memory = new InMemoryStorage(InstantSource.system());
  private final TamperedStorage storage = new TamperedStorage(memory);
  private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final Semaphore release = new Semaphore(0);
  private final Engine engine = builder(storage).start();

  private EngineBuilder builder(TamperedStorage on) {
    return new EngineBuilder(on, new TinyJson(), SETTINGS)
        .handler("count", context -> {
          runs.computeIfAbsent(context.payload().text(), n -> new AtomicInteger())
              .incrementAndGet();
          return context.payload();
        })
        .handler("block", context -> {
          entered.countDown();
          release.acquire();
          return context.payload();
        });
  }

  @AfterEach
  void stop() {
    storage.down(false);
    release.release(100);
    engine.stop(Duration.ofSeconds(1));
  }

  private static NewTask counted(int n) {
    return NewTask.of("count", new Json(String.valueOf(n))).withKey("k" + n);
  }

  private TaskId submit(NewTask task) {
    return ((SubmitAnswer.Accepted) engine.tasks().submit(List.of(task)))
        .receipts()
        .get(0)
        .id();
  }

  private void awaitCompleted(TaskId task) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (memory.tasks().states(List.of(task)).get(task) != TaskState.COMPLETED) {
      assertThat(System.nanoTime()).as("%s completes", task).isLessThan(end);
      try {
        engine.tasks().await(task, Duration.ofMillis(200));
      } catch (StorageUnavailable e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void a_storage_that_comes_and_goes_loses_nothing_and_ends_nothing_twice() throws Exception {
    Random random = new Random(5);
    List<TaskId> ids = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 40; i++) {
        ids.add(submit(counted(ids.size())));
      }
      storage.loseAnswersOf(List.of("create", "claim", "complete").get(random.nextInt(3)), 2);
      storage.down(true);
      assertThatThrownBy(() -> engine.queries().find(ids.get(0)))
          .isInstanceOf(StorageUnavailable.class);
      storage.down(false);
    }

    for (TaskId id : ids) {
      awaitCompleted(id);
      List<TaskEvent> events = memory.events().ofTask(id, 0, 100);
      assertThat(events)
          .filteredOn(event -> event.type() == EventType.COMPLETED)
          .hasSize(1);
    }
    assertThat(runs.values()).allMatch(count -> count.get() == 1);
    assertThat(runs).hasSize(ids.size());
  }

  @Test
  void what_ends_during_an_outage_is_settled_after_it_and_the_node_says_how_it_is()
      throws Exception {
    TaskId task = submit(NewTask.of("block", Json.NULL));
    entered.await();
    assertThat(engine.health().isReady()).isTrue();
    storage.down(true);
    release.release();
    Await.until(
        () -> engine.health().ready().stream().filter(check -> !check.ok()).count() >= 3);

    Health health = engine.health();
    assertThat(health.isLive()).as("the loops go on").isTrue();
    assertThat(health.isReady()).isFalse();
    storage.down(false);

    awaitCompleted(task);
    Await.until(() -> engine.health().isReady());
    assertThat(memory.events().ofTask(task, 0, 100)).hasSize(4);
  }

  @Test
  void a_session_that_was_ended_is_followed_by_another_and_work_goes_on() throws Exception {
    var before = engine.cluster().nodes().get(0).session();
    memory.sessions().end(before);

    awaitCompleted(submit(counted(1)));

    assertThat(engine.cluster().nodes().get(0).session()).isNotEqualTo(before);
    assertThat(engine.cluster().leader().orElseThrow().node()).isEqualTo(SETTINGS.node());
  }

  @Test
  void a_second_node_is_refused_and_names_the_holder() {
    EngineSettings other = EngineSettings.of(new NodeId("other"));

    assertThatThrownBy(() -> new EngineBuilder(storage, new TinyJson(), other).start())
        .isInstanceOf(StorageHeld.class)
        .hasMessageContaining("test")
        .hasMessageContaining("cluster mode");
  }

  @Test
  void a_start_that_fails_half_way_leaves_neither_threads_nor_a_session() {
    engine.stop(Duration.ZERO);
    AtomicInteger gauges = new AtomicInteger();
    Meters failing = new Meters() {
      @Override
      public void count(String name, long amount, String... tags) {}

      @Override
      public void time(String name, Duration duration, String... tags) {}

      @Override
      public void gauge(String name, DoubleSupplier value, String... tags) {
        if (name.startsWith("holdfast.loop") && gauges.incrementAndGet() == 5) {
          throw new IllegalStateException("no more gauges");
        }
      }
    };

    assertThatThrownBy(() -> builder(storage).meters(failing).start()).hasMessage("no more gauges");

    EngineSettings other = EngineSettings.of(new NodeId("other"));
    Engine next = new EngineBuilder(storage, new TinyJson(), other).start();
    next.stop(Duration.ZERO);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("holdfast-test-"))
        .allMatch(OutageTest::endsSoon);
  }

  private static boolean endsSoon(Thread thread) {
    try {
      return thread.join(PATIENCE);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void a_stop_during_an_outage_answers_those_who_wait_for_a_submission() throws Exception {
    storage.down(true);
    CountDownLatch answered = new CountDownLatch(1);
    Thread caller = Thread.ofVirtual().start(() -> {
      try {
        submit(counted(1));
      } catch (StorageUnavailable e) {
        answered.countDown();
      }
    });
    Await.until(() -> caller.getState() == Thread.State.WAITING);

    Thread stopper = new Thread(() -> engine.stop(Duration.ZERO));
    stopper.start();
    Await.until(() -> engine.health().ready().stream()
        .anyMatch(check -> check.name().equals("accepting") && !check.ok()));
    stopper.interrupt();

    assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
    stopper.join();
    assertThat(engine.tasks().submit(List.of(counted(2)))).isEqualTo(new SubmitAnswer.Overloaded());
  }

  @Test
  void stop_is_idempotent_and_ends_the_session() {
    engine.stop(Duration.ZERO);
    engine.close();

    assertThat(engine.health().isReady()).isFalse();
    Engine again = builder(storage).start();
    again.close();
  }
}
