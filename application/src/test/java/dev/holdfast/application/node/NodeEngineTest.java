package dev.holdfast.application.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.task.CancelAnswer;
import dev.holdfast.application.task.ReplayAnswer;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.application.testing.Await;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeEngineTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final RunPolicy QUICK_RETRIES = new RunPolicy(
      3,
      new RetryPolicy(
          BackoffStrategy.FIXED, Duration.ofMillis(10), Duration.ofMillis(10), 0, List.of("never")),
      null,
      null,
      WorkerLoss.RETRY);

  private final InMemoryStorage storage = new InMemoryStorage(InstantSource.system());
  private final Semaphore release = new Semaphore(0);
  private final CountDownLatch entered = new CountDownLatch(1);
  private final Engine engine = builder().start();

  private EngineBuilder builder() {
    return new EngineBuilder(
            storage, new TinyJson(), EngineSettings.of(new NodeId("test")).withSlots(8))
        .handler("echo", context -> context.payload())
        .handler("greet", String.class, (name, context) -> "hello " + name)
        .handler("fail", context -> {
          throw TaskFailure.of("boom", "no luck in attempt " + context.attempt());
        })
        .handler("fatal", context -> {
          throw TaskFailure.fatal("boom", "never mind");
        })
        .handler("flaky", context -> {
          if (context.attempt() < 3) {
            throw new IllegalStateException("not yet");
          }
          return context.payload();
        })
        .handler("block", context -> {
          context.progress(40, "waiting");
          entered.countDown();
          release.acquire();
          return context.payload();
        });
  }

  @AfterEach
  void stop() {
    engine.stop(Duration.ZERO);
  }

  @Test
  void submit_runs_a_task_to_its_end_with_the_whole_story() throws Exception {
    TaskView done = finish(NewTask.of("echo", new Json("{\"a\":1}")));

    assertThat(done.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(done.result()).isEqualTo(new Json("{\"a\":1}"));
    assertThat(done.attempt()).isEqualTo(1);
    assertThat(types(done.definition().id()))
        .containsExactly(
            EventType.CREATED, EventType.ASSIGNED, EventType.STARTED, EventType.COMPLETED);
  }

  @Test
  void typed_handlers_read_and_write_through_the_mapper() throws Exception {
    assertThat(finish(NewTask.of("greet", new Json("\"you\""))).result())
        .isEqualTo(new Json("\"hello you\""));
  }

  @Test
  void a_failing_task_is_retried_and_becomes_a_dead_letter() throws Exception {
    TaskView dead = finish(NewTask.of("fail", Json.EMPTY_OBJECT).withPolicy(QUICK_RETRIES));

    assertThat(dead.state()).isEqualTo(TaskState.FAILED);
    assertThat(dead.attempt()).isEqualTo(3);
    assertThat(dead.error().message()).isEqualTo("no luck in attempt 3");
    assertThat(types(dead.definition().id())).endsWith(EventType.FAILED, EventType.DEAD_LETTERED);
  }

  @Test
  void a_fatal_failure_is_not_retried() throws Exception {
    assertThat(finish(NewTask.of("fatal", Json.EMPTY_OBJECT)).attempt()).isEqualTo(1);
  }

  @Test
  void a_flaky_task_completes_in_its_third_attempt() throws Exception {
    TaskView done = finish(NewTask.of("flaky", Json.EMPTY_OBJECT).withPolicy(QUICK_RETRIES));

    assertThat(done.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(done.attempt()).isEqualTo(3);
    assertThat(done.lease().fence()).isEqualTo(3);
  }

  @Test
  void a_delayed_task_starts_after_its_delay() throws Exception {
    TaskView done =
        finish(NewTask.of("echo", Json.EMPTY_OBJECT).due(new Due.After(Duration.ofMillis(150))));

    assertThat(types(done.definition().id())).startsWith(EventType.CREATED, EventType.SCHEDULED);
    assertThat(Duration.between(done.definition().createdAt(), done.startedAt()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(150));
  }

  @Test
  void cancel_asks_a_running_handler_and_its_throw_cancels() throws Exception {
    TaskId id = submit(NewTask.of("block", Json.EMPTY_OBJECT));
    entered.await();

    assertThat(engine.tasks().cancel(id, "enough", false)).isEqualTo(new CancelAnswer.Asked());

    TaskView view = await(id);
    assertThat(view.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(view.error().message()).isEqualTo("enough");
    assertThat(engine.tasks().cancel(id, "again", false)).isEqualTo(new CancelAnswer.Cancelled());
  }

  @Test
  void cancel_by_force_ends_at_once_and_the_late_return_changes_nothing() throws Exception {
    TaskId id = submit(NewTask.of("block", Json.EMPTY_OBJECT));
    entered.await();

    assertThat(engine.tasks().cancel(id, "now", true)).isEqualTo(new CancelAnswer.Cancelled());

    release.release();
    assertThat(await(id).state()).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void a_timeout_ends_the_attempt_and_the_retry_rule_decides() throws Exception {
    RunPolicy policy =
        new RunPolicy(1, RetryPolicy.DEFAULT, Duration.ofMillis(100), null, WorkerLoss.RETRY);
    TaskView view = finish(NewTask.of("block", Json.EMPTY_OBJECT).withPolicy(policy));

    assertThat(view.state()).isEqualTo(TaskState.FAILED);
    assertThat(view.error().type()).isEqualTo("timeout");
  }

  @Test
  void an_expiry_ends_the_task_while_it_runs() throws Exception {
    RunPolicy policy =
        new RunPolicy(3, RetryPolicy.DEFAULT, null, Duration.ofMillis(100), WorkerLoss.RETRY);

    assertThat(finish(NewTask.of("block", Json.EMPTY_OBJECT).withPolicy(policy)).state())
        .isEqualTo(TaskState.TIMED_OUT);
  }

  @Test
  void a_long_run_is_shown_as_running_with_its_progress() throws Exception {
    TaskId id = submit(NewTask.of("block", Json.EMPTY_OBJECT));
    entered.await();
    Await.until(() -> engine.queries().find(id).orElseThrow().progress() != null);

    TaskView running = engine.queries().find(id).orElseThrow();
    release.release();

    assertThat(running.state()).isEqualTo(TaskState.RUNNING);
    assertThat(running.progress()).isEqualTo(new Progress(40, "waiting"));
    assertThat(await(id).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(types(id))
        .containsExactly(
            EventType.CREATED,
            EventType.ASSIGNED,
            EventType.STARTED,
            EventType.PROGRESSED,
            EventType.COMPLETED);
  }

  @Test
  void a_failed_dependency_cancels_its_dependants_and_a_replay_revives_them() throws Exception {
    List<NewTask> graph = List.of(
        NewTask.of("block", Json.EMPTY_OBJECT)
            .named("first")
            .withPolicy(new RunPolicy(
                1, RetryPolicy.DEFAULT, Duration.ofMillis(60), null, WorkerLoss.RETRY)),
        NewTask.of("echo", Json.EMPTY_OBJECT).named("second").after(needs("first")),
        NewTask.of("echo", Json.EMPTY_OBJECT).named("third").after(needs("second")));
    List<TaskId> ids = submitAll(graph);

    assertThat(await(ids.get(0)).state()).isEqualTo(TaskState.FAILED);
    assertThat(await(ids.get(1)).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(await(ids.get(2)).error().message()).isEqualTo(ids.get(1).toString());
    assertThat(engine.tasks().replay(ids.get(2)))
        .isEqualTo(new ReplayAnswer.UpstreamBad(ids.get(1), TaskState.CANCELLED));

    release.release();
    assertThat(engine.tasks().replay(ids.get(0)))
        .isEqualTo(new ReplayAnswer.Replayed(TaskState.PENDING));

    for (TaskId id : ids) {
      assertThat(await(id).state()).isEqualTo(TaskState.COMPLETED);
    }
    assertThat(types(ids.get(2)))
        .startsWith(EventType.CREATED, EventType.CANCELLED, EventType.REPLAYED, EventType.ASSIGNED);
  }

  @Test
  void stopping_gives_back_what_runs_without_spending_an_attempt() throws Exception {
    TaskId id = submit(NewTask.of("block", Json.EMPTY_OBJECT));
    entered.await();

    engine.stop(Duration.ZERO);

    TaskView view = engine.queries().find(id).orElseThrow();
    assertThat(view.state()).isEqualTo(TaskState.PENDING);
    assertThat(view.attempt()).isZero();
    assertThat(types(id)).endsWith(EventType.RELEASED);
  }

  @Test
  void thousands_of_tasks_complete_exactly_once() throws Exception {
    List<NewTask> batch = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      batch.add(NewTask.of("echo", new Json("{\"n\":" + i + "}")));
    }
    List<TaskId> ids = submitAll(batch);

    for (TaskId id : ids) {
      assertThat(await(id).state()).isEqualTo(TaskState.COMPLETED);
      assertThat(types(id)).hasSize(4);
    }
  }

  private TaskView finish(NewTask task) throws InterruptedException {
    return await(submit(task));
  }

  private TaskId submit(NewTask task) {
    return submitAll(List.of(task)).get(0);
  }

  private List<TaskId> submitAll(List<NewTask> batch) {
    SubmitAnswer answer = engine.tasks().submit(batch);
    assertThat(answer).isInstanceOf(SubmitAnswer.Accepted.class);
    return ((SubmitAnswer.Accepted) answer)
        .receipts().stream().map(SubmitAnswer.Receipt::id).toList();
  }

  private TaskView await(TaskId id) throws InterruptedException {
    TaskView view = engine.tasks().await(id, PATIENCE).orElseThrow();
    assertThat(view.state().isTerminal()).as("%s ends", id).isTrue();
    return view;
  }

  private List<EventType> types(TaskId id) {
    List<TaskEvent> events = engine.events().log().ofTask(id, 0, 100);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).version()).isEqualTo(i + 1);
    }
    return events.stream().map(TaskEvent::type).toList();
  }

  private static List<Dependency> needs(String ref) {
    return List.of(new Dependency(new TaskLink.InBatch(ref), true));
  }
}
