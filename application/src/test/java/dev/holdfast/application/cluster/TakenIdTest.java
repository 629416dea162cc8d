package dev.holdfast.application.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.testing.Await;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TakenIdTest {

  private static final NodeId SAME = new NodeId("same");
  private static final Duration STALE = Duration.ofMillis(300);
  private static final Duration DEAD = Duration.ofMillis(600);

  private final InMemoryStorage storage = new InMemoryStorage(InstantSource.system());

  private SessionId newest() {
    return storage.sessions().nodes().getFirst().session();
  }

  /** Found by the simulator: nobody led any more, so nobody ended the dead one's session. */
  @Test
  void a_node_whose_id_was_taken_by_one_that_died_comes_back_though_nobody_leads() {
    EngineSettings settings = new EngineSettings(
        SAME, "", Map.of(), 4, Duration.ofMillis(50), STALE, DEAD, STALE, Duration.ZERO);
    try (Engine only = new EngineBuilder(storage, new TinyJson(), settings)
        .cluster(ClusterSettings.DEFAULT)
        .start()) {
      storage
          .sessions()
          .open(new NodeStart(SAME, "", Map.of(), Set.of(), 4, STALE, DEAD, NodeStart.Mode.MEMBER));
      SessionId taken = newest();

      Await.until(() -> !newest().equals(taken));

      Await.until(() -> only.health().isReady());
      assertThat(only.cluster().nodes()).hasSize(1);
    }
  }
}
