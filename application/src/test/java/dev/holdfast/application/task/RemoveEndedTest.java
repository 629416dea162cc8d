package dev.holdfast.application.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.engine.Retention;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.testing.Await;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.domain.port.Upkeep.Cleared;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TaskId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is removed, how much at once, and what is told of it. */
class RemoveEndedTest {

  private static final Duration AGE = Duration.ofDays(1);

  private final Desk desk = new Desk();
  private final Counted meters = new Counted();
  private final RemoveEnded removal = new RemoveEnded(desk.storage, AGE, meters);

  private static final class Counted implements Meters {

    final Map<String, Long> counts = new TreeMap<>();

    @Override
    public void count(String name, long amount, String... tags) {
      counts.merge(name + " " + String.join("=", tags), amount, Long::sum);
    }

    @Override
    public void time(String name, Duration duration, String... tags) {}

    @Override
    public void gauge(String name, DoubleSupplier value, String... tags) {}
  }

  private void pass() {
    while (removal.tick().compareTo(Duration.ofSeconds(1)) < 0) {
      // There is more to look at.
    }
  }

  private Map<TaskState, Long> counts() {
    return desk.storage.tasks().stats().queues().getOrDefault(QueueName.DEFAULT, Map.of());
  }

  @Test
  void tick_removes_what_ended_long_ago_and_lowers_the_counts() {
    TaskId completed = desk.submit(Desk.once());
    desk.complete(desk.claimOnly());
    TaskId failed = desk.submit(Desk.once());
    desk.fail(desk.claimOnly());
    desk.clock.advance(AGE.plusSeconds(1));
    TaskId young = desk.submit(Desk.once());
    desk.complete(desk.claimOnly());

    pass();

    assertThat(desk.find(completed)).isEmpty();
    assertThat(desk.find(failed)).isEmpty();
    assertThat(desk.find(young)).contains(TaskState.COMPLETED);
    assertThat(counts()).isEqualTo(Map.of(TaskState.COMPLETED, 1L));
    assertThat(meters.counts)
        .isEqualTo(Map.of(
            "holdfast.tasks.removed state=completed", 1L,
            "holdfast.tasks.removed state=failed", 1L));
  }

  @Test
  void tick_lets_the_storage_drop_what_it_can_before_it_looks_at_tasks() {
    TaskId old = desk.submit(Desk.once());
    desk.complete(desk.claimOnly());
    desk.clock.advance(AGE.plusSeconds(1));
    Deque<Cleared> pieces = new ArrayDeque<>(List.of(
        Cleared.MORE,
        new Cleared(List.of(new Tally(QueueName.DEFAULT, TaskState.COMPLETED, 7)), true)));
    RemoveEnded dropping = new RemoveEnded(dropping(pieces), AGE, meters);

    assertThat(dropping.tick()).isLessThan(Duration.ofSeconds(1));
    assertThat(dropping.tick()).isLessThan(Duration.ofSeconds(1));
    assertThat(desk.find(old)).contains(TaskState.COMPLETED);
    assertThat(meters.counts).isEqualTo(Map.of("holdfast.tasks.removed state=completed", 7L));
    assertThat(dropping.tick()).isGreaterThan(Duration.ofSeconds(1));

    assertThat(desk.find(old)).isEmpty();
    assertThat(counts().getOrDefault(TaskState.COMPLETED, 0L)).isZero();
  }

  /** The desk's storage, but for what it drops whole. */
  private Storage dropping(Deque<Cleared> pieces) {
    Upkeep upkeep = (Upkeep) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {Upkeep.class}, (proxy, method, arguments) -> {
          assertThat(method.getName()).isEqualTo("clear");
          return pieces.isEmpty() ? Cleared.NOTHING : pieces.removeFirst();
        });
    return (Storage) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {Storage.class},
        (proxy, method, arguments) ->
            method.getName().equals("upkeep") ? upkeep : method.invoke(desk.storage, arguments));
  }

  @Test
  void tick_leaves_what_a_live_task_waits_on_and_a_later_pass_finds_it() {
    TaskId upstream = desk.submit(Desk.once());
    desk.complete(desk.claimOnly());
    TaskId live = desk.submit(Desk.once().after(Desk.needs(upstream)));
    desk.clock.advance(AGE.plusSeconds(1));
    pass();
    assertThat(desk.find(upstream)).contains(TaskState.COMPLETED);
    desk.complete(desk.claimOnly());

    pass();

    assertThat(desk.find(upstream)).isEmpty();
    assertThat(desk.find(live)).contains(TaskState.COMPLETED);
    assertThat(desk.view(live).dependsOn()).isEmpty();
  }

  @Test
  void a_task_whose_upstream_is_gone_can_be_replayed() {
    TaskId upstream = desk.submit(Desk.once());
    desk.complete(desk.claimOnly());
    TaskId task = desk.submit(Desk.once().after(Desk.needs(upstream)));
    desk.clock.advance(AGE.plusSeconds(1));
    desk.fail(desk.claimOnly());
    pass();
    assertThat(desk.find(upstream)).isEmpty();

    assertThat(desk.replay.replay(task)).isEqualTo(new ReplayAnswer.Replayed(TaskState.PENDING));
    assertThat(counts()).isEqualTo(Map.of(TaskState.PENDING, 1L));
  }

  @Test
  void ticks_look_at_a_thousand_tasks_each() {
    List<TaskId> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.addAll(desk.submitAll(Stream.generate(Desk::once).limit(500).toArray(NewTask[]::new)));
      desk.claim(500).forEach(desk::complete);
    }
    desk.clock.advance(AGE.plusSeconds(1));
    int before = desk.storage.transactions();

    assertThat(removal.tick()).isLessThan(Duration.ofSeconds(1));
    assertThat(counts()).isEqualTo(Map.of(TaskState.COMPLETED, 500L));
    assertThat(removal.tick()).isGreaterThan(Duration.ofSeconds(1));

    assertThat(counts().getOrDefault(TaskState.COMPLETED, 0L)).isZero();
    assertThat(desk.storage.tasks().states(all)).isEmpty();
    // Two looks, and one at the sessions.
    assertThat(desk.storage.transactions() - before).isEqualTo(3);
  }

  @Test
  void a_tick_after_one_that_failed_looks_at_fewer_tasks() {
    desk.submitAll(Stream.generate(Desk::once).limit(300).toArray(NewTask[]::new));
    desk.claim(500).forEach(desk::complete);
    desk.clock.advance(AGE.plusSeconds(1));
    desk.storage.refuse(
        (method, arguments) -> method.equals("removeEnded") && (int) arguments[2] > 260);
    assertThatThrownBy(removal::tick).isInstanceOf(StorageRejected.class);
    assertThatThrownBy(removal::tick).isInstanceOf(StorageRejected.class);

    assertThat(removal.tick()).isLessThan(Duration.ofSeconds(1));

    assertThat(counts()).isEqualTo(Map.of(TaskState.COMPLETED, 50L));
    desk.storage.refuse((method, arguments) -> false);
    pass();
    assertThat(counts().getOrDefault(TaskState.COMPLETED, 0L)).isZero();
  }

  @Test
  void a_pass_removes_sessions_of_which_nothing_is_left() {
    desk.storage.sessions().end(desk.open("gone"));
    desk.clock.advance(AGE.plusSeconds(1));

    pass();

    assertThat(desk.storage.sessions().nodes().stream().map(NodeView::profile))
        .extracting(profile -> profile.node().value())
        .containsExactly("desk");
  }

  @Test
  void an_engine_with_a_retention_removes_by_itself() {
    TaskId old = desk.submit(Desk.once());
    desk.complete(desk.claimOnly());
    desk.clock.advance(AGE.plusSeconds(1));

    try (Engine engine = new EngineBuilder(
            desk.storage, new TinyJson(), EngineSettings.of(new NodeId("test")))
        .retention(new Retention(AGE))
        .start()) {
      Await.until(() -> desk.find(old).isEmpty());
      assertThat(engine.queries().find(old)).isEmpty();
    }
  }

  @Test
  void retention_is_not_shorter_than_a_minute() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Retention(Duration.ofSeconds(59)))
        .withMessageContaining("PT1M");
    assertThat(new Retention(Retention.SHORTEST).age()).isEqualTo(Duration.ofMinutes(1));
  }
}
