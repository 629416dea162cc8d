package dev.holdfast.bootstrap.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.bootstrap.handlers.BuiltInHandlers;
import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.jackson.JacksonJsonMapper;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunJobTest {

  private static final RunPolicy ONCE =
      new RunPolicy(1, RunPolicy.DEFAULT.retry(), null, null, RunPolicy.DEFAULT.onWorkerLoss());
  private static final NodeId SELF = new NodeId("self");

  private final InMemoryStorage storage = new InMemoryStorage(InstantSource.system());
  private final AtomicBoolean broken = new AtomicBoolean(true);
  private final AtomicInteger calls = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> shown = new ConcurrentLinkedQueue<>();
  private final Engine engine = start();

  @AfterEach
  void stop() {
    engine.close();
    storage.close();
  }

  @Test
  void run_ends_with_every_task_ended() throws Exception {
    RunReport report = run(List.of(task("echo", "a"), task("aggregate", "b", "a")));

    assertThat(report.isGood()).isTrue();
    assertThat(report.counts()).isEqualTo(Map.of(TaskState.COMPLETED, 2));
    assertThat(report.completedBefore()).isZero();
    assertThat(report.tasks()).extracting(RunReport.Ended::ref).containsExactly("a", "b");
    assertThat(shown).contains("2 0 2");
  }

  @Test
  void run_again_repeats_nothing_that_was_finished_and_replays_what_had_failed() throws Exception {
    List<NewTask> graph = List.of(task("count", "a"), task("flaky", "b"), task("count", "c", "b"));
    RunReport first = run(graph);
    assertThat(first.counts())
        .isEqualTo(Map.of(TaskState.COMPLETED, 1, TaskState.FAILED, 1, TaskState.CANCELLED, 1));
    assertThat(first.failures()).hasSize(2);
    assertThat(first.failures().get(0).errorType()).isEqualTo("flaky");
    assertThat(first.failures().get(1).errorType()).isEqualTo("upstream_failed");

    broken.set(false);
    RunReport second = run(graph);

    assertThat(second.isGood()).isTrue();
    assertThat(second.completedBefore()).isEqualTo(1);
    assertThat(second.replayed()).isEqualTo(2);
    assertThat(calls).hasValue(2);
    RunReport third = run(graph);
    assertThat(third.completedBefore()).isEqualTo(3);
    assertThat(calls).hasValue(2);
  }

  @Test
  void run_starts_a_cancelled_task_anew() throws Exception {
    List<NewTask> graph = List.of(task("flaky", "a"), task("sleepy", "b"));
    Thread canceller = Thread.ofVirtual().start(() -> {
      while (calls.get() == 0) {
        Thread.onSpinWait();
      }
      storage.tasks().list(dev.holdfast.domain.port.read.TaskFilter.ALL, 10).stream()
          .map(view -> view.definition())
          .filter(task -> task.address().type().value().equals("sleepy"))
          .forEach(task -> engine.tasks().cancel(task.id(), "test", true));
    });
    RunReport first = run(graph);
    canceller.join();
    assertThat(first.counts()).isEqualTo(Map.of(TaskState.FAILED, 1, TaskState.CANCELLED, 1));

    broken.set(false);

    assertThat(run(graph).isGood()).isTrue();
  }

  @Test
  void run_sends_a_graph_larger_than_a_batch_in_order() throws Exception {
    var graph = new ArrayList<NewTask>();
    graph.add(task("aggregate", "last", "t0", "t10500"));
    IntStream.range(0, 10_501)
        .mapToObj(
            i -> i == 0 ? task("echo", "t0") : task("echo", "t" + i, "t" + (i - 1) / 500 * 500))
        .map(task -> task.ref().equals("t500") ? task.under(new TaskLink.InBatch("t0")) : task)
        .forEach(graph::add);
    graph.replaceAll(task -> task.ref().equals("t0") ? task.after(List.of()) : task);

    RunReport report = run(graph);

    assertThat(report.counts()).isEqualTo(Map.of(TaskState.COMPLETED, graph.size()));
  }

  @Test
  void a_graph_that_cannot_be_stored_is_refused_with_its_faults() {
    assertThatThrownBy(() -> run(List.of(task("echo", "a", "nowhere"))))
        .isInstanceOf(DocumentInvalid.class)
        .hasMessageContaining("/tasks/0/dependsOn/0/ref");
  }

  @Test
  void a_key_that_belongs_to_another_task_is_refused() throws Exception {
    run(List.of(task("echo", "a").withKey("mine")));

    assertThatThrownBy(() -> run(List.of(task("echo", "b").withKey("mine"))))
        .isInstanceOf(DocumentInvalid.class)
        .hasMessageContaining("/tasks/0 task ");
  }

  @Test
  void tasks_that_this_node_can_never_run_are_found_beforehand() {
    List<NewTask> graph = List.of(
        task("echo", "a"),
        task("unknown", "b"),
        task("echo", "c").withConstraints(Constraints.of(Map.of("gpu", "true"), null, List.of())));

    assertThatThrownBy(() -> Runnability.check(graph, engine.cluster().nodes(), SELF))
        .isInstanceOf(DocumentInvalid.class)
        .hasMessageContaining("aggregate, count, echo")
        .hasMessageContaining("/tasks/1 no handler for type unknown")
        .hasMessageContaining("/tasks/2 needs gpu=true")
        .hasMessageNotContaining("/tasks/0");
    Runnability.check(List.of(task("echo", "a")), engine.cluster().nodes(), SELF);
  }

  private RunReport run(List<NewTask> graph) throws InterruptedException {
    RunJob.Watcher watcher = (ended, badly, all) -> shown.add(ended + " " + badly + " " + all);
    return new RunJob(engine, watcher, System::nanoTime).run(graph, new RunKeys("digest", ""));
  }

  private static NewTask task(String type, String ref, String... after) {
    return NewTask.of(type, Json.EMPTY_OBJECT)
        .named(ref)
        .withPolicy(ONCE)
        .after(Arrays.stream(after)
            .map(other -> new Dependency(new TaskLink.InBatch(other), true))
            .toList());
  }

  private Engine start() {
    Handler count = context -> new Json("" + calls.incrementAndGet());
    Handler flaky = context -> {
      if (broken.get()) {
        calls.get();
        throw TaskFailure.of("flaky", "broken");
      }
      return Json.NULL;
    };
    Handler sleepy = context -> {
      calls.incrementAndGet();
      while (broken.get()) {
        Thread.sleep(10);
      }
      return Json.NULL;
    };
    var mapper = new JacksonJsonMapper();
    var builder = new EngineBuilder(storage, mapper, EngineSettings.of(SELF))
        .handler("count", count)
        .handler("flaky", flaky)
        .handler("sleepy", sleepy);
    BuiltInHandlers.of(mapper).forEach(builder::handler);
    return builder.start();
  }
}
