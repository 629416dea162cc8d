package dev.holdfast.application.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.engine.ClusterView.Leader;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterTest {

  private final InMemoryStorage storage = new InMemoryStorage(InstantSource.system());
  private final List<Engine> nodes = new ArrayList<>();

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
    return new EngineBuilder(
            storage, new TinyJson(), EngineSettings.of(new NodeId(name)).withSlots(4))
        .cluster(ClusterSettings.DEFAULT)
        .handler("nap", context -> {
          Thread.sleep(5);
          return context.payload();
        })
        .start();
  }
}
