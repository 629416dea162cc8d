package dev.holdfast.application.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.task.CancelAnswer;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.application.testing.TamperedStorage;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that runs nothing, so that what it writes is what was submitted. */
class CombinedSubmitsTest {

  private static final int SUBMITS = 1000;
  private static final int CALLERS = 64;
  private static final long COMMIT_NANOS = 1_000_000;

  private final TamperedStorage storage =
      new TamperedStorage(new InMemoryStorage(InstantSource.system()));
  private final AtomicInteger creating = new AtomicInteger();
  private final Engine engine = new EngineBuilder(
          storage, new TinyJson(), EngineSettings.of(new NodeId("n")).withSlots(0))
      .start();

  @AfterEach
  void stop() {
    engine.close();
  }

  private static NewTask task() {
    return NewTask.of("work", Json.EMPTY_OBJECT);
  }

  private TaskId submit(NewTask task) {
    return ((SubmitAnswer.Accepted) engine.tasks().submit(List.of(task)))
        .receipts()
        .get(0)
        .id();
  }

  @Test
  void a_thousand_single_submits_from_64_threads_share_few_transactions() throws Exception {
    storage.afterTransactionsWith("create", () -> {
      creating.incrementAndGet();
      // What a commit takes on a disk; in memory it takes nothing, and nothing would gather.
      LockSupport.parkNanos(COMMIT_NANOS);
    });
    List<TaskId> ids = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger left = new AtomicInteger(SUBMITS);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(Thread.ofVirtual().start(() -> {
        while (left.getAndDecrement() > 0) {
          ids.add(submit(task()));
        }
      }));
    }
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(ids).hasSize(SUBMITS).doesNotHaveDuplicates();
    assertThat(storage.tasks().states(ids)).hasSize(SUBMITS);
    System.getLogger("figures")
        .log(System.Logger.Level.INFO, "{0} submits: {1} transactions", SUBMITS, creating);
    assertThat(creating.get())
        .as("%s single submits from %s threads cost %s transactions", SUBMITS, CALLERS, creating)
        .isLessThan(SUBMITS / 10);
  }

  @Test
  void single_submits_one_after_the_other_wait_for_nobody() {
    storage.afterTransactionsWith("create", creating::incrementAndGet);

    long begin = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      submit(task());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);

    assertThat(creating).as("each is flushed at once").hasValue(100);
    assertThat(took).as("100 submits took %s", took).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void a_key_that_two_callers_submit_at_once_is_stored_once_without_a_pause() throws Exception {
    List<TaskId> ids = Collections.synchronizedList(new ArrayList<>());
    List<Thread> callers = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(Thread.ofVirtual().start(() -> ids.add(submit(task().withKey("same")))));
    }
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(ids).hasSize(CALLERS).containsOnly(ids.get(0));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void submit_refuses_an_empty_batch_and_one_that_is_too_large() {
    assertThatThrownBy(() -> engine.tasks().submit(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> engine.tasks().submit(Collections.nCopies(10_001, task())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void submit_answers_faults_without_asking_the_storage() {
    int before = storage.transactions();

    assertThat(engine.tasks().submit(List.of(task().named("a"), task().named("a"))))
        .isInstanceOf(SubmitAnswer.Invalid.class);
    assertThat(storage.<SubmitAnswer>transact(tx ->
            engine.tasks().submit(tx, List.of(task().named("a"), task().named("a")))))
        .isInstanceOf(SubmitAnswer.Invalid.class);

    assertThat(storage.transactions() - before).isLessThan(10);
  }

  @Test
  void submit_inside_a_transaction_is_found_by_the_next_poll() {
    SubmitAnswer answer = storage.transact(tx -> engine.tasks().submit(tx, List.of(task())));

    TaskId id = ((SubmitAnswer.Accepted) answer).receipts().get(0).id();
    assertThat(engine.queries().find(id).orElseThrow().state()).isEqualTo(TaskState.PENDING);
    assertThat(engine.tasks().explain(id)).isPresent();
  }

  @Test
  void cancel_takes_reasons_that_can_be_stored_only() {
    TaskId id = submit(task());

    assertThatThrownBy(() -> engine.tasks().cancel(id, "x".repeat(1001), false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> engine.tasks().cancel(id, "\u0000", false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(engine.tasks().cancel(id, "x".repeat(1000), false))
        .isEqualTo(new CancelAnswer.Cancelled());
  }

  @Test
  void an_interrupted_caller_is_told_that_the_outcome_is_unknown() {
    CountDownLatch told = new CountDownLatch(1);
    storage.afterTransactionsWith("create", () -> awaitQuietly(told));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> submit(task())).hasMessageContaining("interrupted");

    assertThat(Thread.interrupted()).isTrue();
    told.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void cluster_tells_of_the_node_the_counts_and_the_clock() {
    submit(task());

    assertThat(engine.cluster().nodes()).hasSize(1);
    assertThat(engine.cluster().leader().orElseThrow().term()).isEqualTo(1);
    assertThat(engine.cluster().stats().queues().values().iterator().next())
        .containsEntry(TaskState.PENDING, 1L);
    assertThat(engine.cluster().clockSkew().abs()).isLessThan(Duration.ofSeconds(5));
  }
}
