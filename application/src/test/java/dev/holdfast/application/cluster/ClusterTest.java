package dev.holdfast.application.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.ClusterView.Leader;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.engine.LeaderActive;
import dev.holdfast.application.task.CancelAnswer;
import dev.holdfast.application.testing.Await;
import dev.holdfast.application.testing.TamperedStorage;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final EngineSettings QUICK = new EngineSettings(
      new NodeId("any"),
      "",
      Map.of(),
      4,
      Duration.ofMillis(100),
      Duration.ofMillis(400),
      Duration.ofMillis(800),
      Duration.ofMillis(100),
      Duration.ZERO);

  private final InMemoryStorage storage = new InMemoryStorage(InstantSource.system());
  private final List<Engine> nodes = new ArrayList<>();
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore release = new Semaphore(0);
  private final Semaphore interrupted = new Semaphore(0);

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.stop(Duration.ZERO));
  }

  @Test
  void several_nodes_share_the_work_and_one_leads() throws Exception {
    for (int i = 0; i < 3; i++) {
      nodes.add(node("node-" + i));
    }

    Set<String> workers = new HashSet<>();
    List<TaskId> ids = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ids.add(nodes.get(i % 3).tasks().submit(NewTask.of("nap", Json.EMPTY_OBJECT)));
    }
    for (TaskId id : ids) {
      TaskView view = nodes.get(0).tasks().await(id, Duration.ofSeconds(20)).orElseThrow();
      assertThat(view.state()).isEqualTo(TaskState.COMPLETED);
      workers.add(view.lease().node().value());
    }

    assertThat(workers).hasSize(3);
    assertThat(leaders()).hasSize(1);
  }

  @Test
  void a_leader_that_stops_hands_over_at_once() throws Exception {
    nodes.add(node("first"));
    awaitLeader("first");
    nodes.add(node("second"));

    nodes.get(0).stop(Duration.ZERO);

    awaitLeader("second");
    assertThat(nodes.get(1).cluster().leader().map(Leader::term)).contains(2L);
  }

  @Test
  void a_node_that_must_lead_is_refused_while_another_leads_and_leaves_nothing_behind() {
    nodes.add(node("first"));
    awaitLeader("first");
    ClusterSettings mustLead = in(Role.LEADER, Duration.ofMillis(300), Duration.ofMillis(100));

    assertThatThrownBy(() -> builder("second", storage, QUICK).cluster(mustLead).start())
        .isInstanceOf(LeaderActive.class)
        .hasMessageContaining("first")
        .hasMessageContaining("term 1");

    assertThat(storage.sessions().nodes())
        .filteredOn(view -> view.profile().node().value().equals("second"))
        .extracting(view -> view.profile().condition())
        .containsExactly(NodeCondition.DEAD);
  }

  @Test
  void a_node_that_must_lead_is_not_blocked_by_its_own_earlier_session() {
    ClusterSettings mustLead = in(Role.LEADER, Duration.ofSeconds(5), Duration.ofSeconds(1));
    nodes.add(builder("first", storage, QUICK).cluster(mustLead).start());
    awaitLeader("first");

    nodes.add(builder("first", storage, QUICK).cluster(mustLead).start());

    assertThat(nodes.get(1).cluster().leader().map(Leader::term)).contains(2L);
  }

  @Test
  void of_two_processes_with_one_node_id_the_newer_works_and_the_older_waits() throws Exception {
    nodes.add(builder("same", storage, QUICK).cluster(in(Role.AUTO)).start());
    nodes.add(builder("same", storage, QUICK).cluster(in(Role.AUTO)).start());
    SessionId newer = storage.sessions().nodes().getFirst().session();
    while (nodes.get(0).health().isReady()) {
      Thread.onSpinWait();
    }

    TaskId task = nodes.get(0).tasks().submit(NewTask.of("nap", Json.EMPTY_OBJECT));
    assertThat(nodes.get(0).tasks().await(task, PATIENCE)).isPresent();
    assertThat(storage.sessions().nodes().getFirst().session()).isEqualTo(newer);

    nodes.get(1).stop(Duration.ZERO);
    while (!nodes.get(0).health().isReady()) {
      Thread.onSpinWait();
    }
    assertThat(storage.sessions().nodes().getFirst().session()).isNotEqualTo(newer);
  }

  @Test
  void an_observer_claims_nothing_and_a_worker_never_leads() throws Exception {
    nodes.add(builder("observer", storage, QUICK).cluster(in(Role.OBSERVER)).start());
    nodes.add(builder("worker", storage, QUICK).cluster(in(Role.WORKER)).start());

    TaskId task = nodes.get(0).tasks().submit(NewTask.of("nap", Json.EMPTY_OBJECT));
    TaskView view = nodes.get(0).tasks().await(task, PATIENCE).orElseThrow();

    assertThat(view.lease().node()).isEqualTo(new NodeId("worker"));
    assertThat(nodes.get(1).cluster().leader()).isEmpty();
    assertThat(nodes.get(0).cluster().nodes())
        .extracting(node -> node.profile().condition())
        .containsExactly(NodeCondition.OBSERVER, NodeCondition.HEALTHY);
  }

  @Test
  void a_cancel_reaches_the_handler_on_another_node() throws Exception {
    nodes.add(builder("asks", storage, QUICK).cluster(in(Role.OBSERVER)).start());
    nodes.add(builder("runs", storage, EngineSettings.of(new NodeId("runs")))
        .cluster(in(Role.AUTO))
        .start());
    TaskId task = nodes.get(0).tasks().submit(NewTask.of("block", Json.EMPTY_OBJECT));
    begun.acquire();

    assertThat(nodes.get(0).tasks().cancel(task, "enough", false))
        .isInstanceOf(CancelAnswer.Asked.class);

    TaskView view = nodes.get(0).tasks().await(task, PATIENCE).orElseThrow();
    assertThat(view.state()).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void a_forced_cancel_interrupts_the_handler_on_another_node() throws Exception {
    nodes.add(builder("asks", storage, QUICK).cluster(in(Role.OBSERVER)).start());
    nodes.add(builder("runs", storage, QUICK).cluster(in(Role.AUTO)).start());
    TaskId task = nodes.get(0).tasks().submit(NewTask.of("block", Json.EMPTY_OBJECT));
    begun.acquire();

    assertThat(nodes.get(0).tasks().cancel(task, "enough", true))
        .isInstanceOf(CancelAnswer.Cancelled.class);

    assertThat(interrupted.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_node_cut_off_stops_its_handlers_and_another_runs_them() throws Exception {
    TamperedStorage cutOff = new TamperedStorage(storage);
    nodes.add(builder("cut-off", cutOff, QUICK).cluster(in(Role.AUTO)).start());
    awaitLeader("cut-off");
    TaskId task = nodes.get(0).tasks().submit(NewTask.of("block", Json.EMPTY_OBJECT));
    begun.acquire();
    nodes.add(builder("sound", storage, QUICK)
        .cluster(in(Role.AUTO, Duration.ofMillis(500), Duration.ofMillis(100)))
        .start());

    cutOff.down(true);
    interrupted.acquire();
    begun.acquire();
    release.release();

    TaskView view = nodes.get(1).tasks().await(task, PATIENCE).orElseThrow();
    assertThat(view.lease().node()).isEqualTo(new NodeId("sound"));
    assertThat(view.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(nodes.get(0).cluster().leader()).isEmpty();
    cutOff.down(false);
    TaskId later = nodes.get(0).tasks().submit(NewTask.of("nap", Json.EMPTY_OBJECT));
    assertThat(nodes.get(0).tasks().await(later, PATIENCE)).isPresent();
  }

  @Test
  void a_node_whose_id_was_taken_by_a_newer_one_stays_away_until_that_one_has_gone() {
    Engine older = builder("same", storage, QUICK).cluster(in(Role.WORKER)).start();
    nodes.add(older);
    nodes.add(builder("same", storage, QUICK).cluster(in(Role.WORKER)).start());
    SessionId newest = sessionOf("same");

    Await.until(() -> !older.health().isReady());
    for (int i = 0; i < 20; i++) {
      nodes.get(1).tasks().submit(NewTask.of("nap", Json.EMPTY_OBJECT));
    }
    Await.until(() -> storage.tasks().stats().queues().values().stream()
            .mapToLong(counts -> counts.getOrDefault(TaskState.COMPLETED, 0L))
            .sum()
        == 20);

    assertThat(sessionOf("same")).isEqualTo(newest);
    assertThat(older.health().isReady()).isFalse();
    nodes.get(1).stop(Duration.ZERO);
    Await.until(() -> older.health().isReady());
  }

  private SessionId sessionOf(String name) {
    return storage.sessions().nodes().stream()
        .filter(view -> view.profile().node().value().equals(name))
        .map(NodeView::session)
        .findFirst()
        .orElseThrow();
  }

  private void awaitLeader(String name) {
    while (!leaders().equals(Set.of(name))) {
      Thread.onSpinWait();
    }
  }

  private Set<String> leaders() {
    Set<String> names = new HashSet<>();
    storage
        .coordination()
        .elections()
        .leader()
        .ifPresent(lead -> names.add(lead.node().value()));
    return names;
  }

  private Engine node(String name) {
    return builder(name, storage, EngineSettings.of(new NodeId(name)).withSlots(4))
        .cluster(ClusterSettings.DEFAULT)
        .start();
  }

  private static ClusterSettings in(Role role) {
    return in(role, Duration.ofSeconds(5), Duration.ofSeconds(1));
  }

  private static ClusterSettings in(Role role, Duration lease, Duration renew) {
    return new ClusterSettings(role, lease, renew, Duration.ofMillis(50));
  }

  private EngineBuilder builder(String name, Storage on, EngineSettings settings) {
    EngineSettings named = new EngineSettings(
        new NodeId(name),
        "",
        settings.labels(),
        settings.slots(),
        settings.heartbeat(),
        settings.staleAfter(),
        settings.timeToLive(),
        settings.longestPoll(),
        settings.stopGrace());
    return new EngineBuilder(on, new TinyJson(), named)
        .handler("nap", context -> {
          Thread.sleep(5);
          return context.payload();
        })
        .handler("block", context -> {
          begun.release();
          try {
            release.acquire();
          } catch (InterruptedException e) {
            interrupted.release();
            throw e;
          }
          return context.payload();
        });
  }
}
