package dev.holdfast.application.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.task.ReplayAnswer;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A graph of 1,000 tasks on a whole node with its threads. */
class GraphRunTest {

  private static final int SIZE = 1000;
  private static final int ROOT = 3;
  private static final long SEED = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicInteger moment = new AtomicInteger();
  private final Map<Integer, Integer> began = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> ended = new ConcurrentHashMap<>();
  private final List<List<Integer>> upstream = new ArrayList<>();
  private volatile boolean isRootBroken = true;
  private final Engine engine = new EngineBuilder(
          new InMemoryStorage(InstantSource.system()),
          new TinyJson(),
          EngineSettings.of(new NodeId("graph")).withSlots(16))
      .handler("work", context -> {
        int index = Integer.parseInt(context.payload().text());
        began.put(index, moment.incrementAndGet());
        if (index == ROOT && isRootBroken) {
          throw new IllegalStateException("broken");
        }
        ended.put(index, moment.incrementAndGet());
        return context.payload();
      })
      .start();

  @AfterEach
  void stop() {
    engine.stop(Duration.ZERO);
  }

  private List<TaskId> submit() {
    Random random = new Random(SEED);
    List<NewTask> batch = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      BitSet links = new BitSet();
      for (int n = random.nextInt(3); n > 0 && i > ROOT; n--) {
        links.set(random.nextInt(i));
      }
      if (i > ROOT && random.nextInt(20) == 0) {
        links.set(ROOT);
      }
      upstream.add(links.stream().boxed().toList());
      batch.add(NewTask.of("work", new Json(String.valueOf(i)))
          .withPolicy(Desk.ONCE)
          .named("t" + i)
          .after(links.stream()
              .mapToObj(up -> new Dependency(new TaskLink.InBatch("t" + up), true))
              .toList()));
    }
    return ((SubmitAnswer.Accepted) engine.tasks().submit(batch))
        .receipts().stream().map(SubmitAnswer.Receipt::id).toList();
  }

  private List<TaskState> awaitAll(List<TaskId> ids) throws InterruptedException {
    List<TaskState> states = new ArrayList<>();
    for (TaskId id : ids) {
      states.add(engine.tasks().await(id, PATIENCE).orElseThrow().state());
    }
    return states;
  }

  private List<TaskState> expected() {
    List<TaskState> states = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      boolean isHeldBack =
          upstream.get(i).stream().anyMatch(up -> states.get(up) != TaskState.COMPLETED);
      TaskState own = i == ROOT ? TaskState.FAILED : TaskState.COMPLETED;
      states.add(isHeldBack ? TaskState.CANCELLED : own);
    }
    return states;
  }

  @Test
  void a_graph_runs_in_order_and_a_replay_of_its_failed_root_completes_it() throws Exception {
    List<TaskId> ids = submit();

    List<TaskState> first = awaitAll(ids);
    assertThat(first).as("seed %s", SEED).isEqualTo(expected());
    assertThat(first).filteredOn(TaskState.CANCELLED::equals).hasSizeGreaterThan(50);

    isRootBroken = false;
    assertThat(engine.tasks().replay(ids.get(ROOT))).isInstanceOf(ReplayAnswer.Replayed.class);

    assertThat(awaitAll(ids)).containsOnly(TaskState.COMPLETED);
    for (int i = 0; i < SIZE; i++) {
      for (int up : upstream.get(i)) {
        assertThat(began.get(i)).as("%s after %s", i, up).isGreaterThan(ended.get(up));
      }
    }
  }
}
