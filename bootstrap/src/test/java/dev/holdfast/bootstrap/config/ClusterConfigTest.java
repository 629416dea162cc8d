package dev.holdfast.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterConfigTest {

  private static final Map<String, String> CLUSTER = Map.of(
      "cluster.enabled", "true",
      "storage", "postgres",
      "postgres.url", "jdbc:postgresql:x");

  @Test
  void a_cluster_is_refused_on_the_embedded_storage_with_the_reason() {
    assertThatThrownBy(() -> ConfigReader.read(Map.of("cluster.enabled", "true"), Map.of()))
        .hasMessageContaining("HOLDFAST_CLUSTER_ENABLED: true is not possible")
        .hasMessageContaining("the storage found is duckdb")
        .hasMessageContaining("HOLDFAST_STORAGE=postgres");
  }

  @Test
  void a_cluster_is_refused_on_other_databases_with_what_was_found() {
    Map<String, String> flags = with("postgres.url", "jdbc:mysql://db/tasks");

    assertThatThrownBy(() -> ConfigReader.read(flags, Map.of()))
        .hasMessageContaining("jdbc:mysql://db/tasks")
        .hasMessageContaining("jdbc:postgresql:");
  }

  @Test
  void times_that_do_not_fit_each_other_are_named_all_at_once() {
    var environment = Map.of(
        "HOLDFAST_HEARTBEAT_INTERVAL", "3s",
        "HOLDFAST_NODE_STALE_AFTER", "3s",
        "HOLDFAST_NODE_DEAD_AFTER", "2s",
        "HOLDFAST_LEADER_RENEW", "2500ms",
        "HOLDFAST_LEADER_LEASE", "5s",
        "HOLDFAST_NODE_ROLE", "boss",
        "HOLDFAST_API_WRITES", "some");

    assertThatThrownBy(() -> ConfigReader.read(CLUSTER, environment))
        .hasMessageContaining("the configuration has 5 problems")
        .hasMessageContaining("HOLDFAST_HEARTBEAT_INTERVAL: PT3S is not less than"
            + " HOLDFAST_NODE_STALE_AFTER, which is PT3S")
        .hasMessageContaining("HOLDFAST_NODE_STALE_AFTER: PT3S is not less than"
            + " HOLDFAST_NODE_DEAD_AFTER, which is PT2S")
        .hasMessageContaining("HOLDFAST_LEADER_RENEW: PT2.5S is not less than half of"
            + " HOLDFAST_LEADER_LEASE, which is PT5S")
        .hasMessageContaining("\"boss\" does not fit; allowed is one of auto, leader, worker,")
        .hasMessageContaining("\"some\" does not fit; allowed is one of leader, any");
  }

  @Test
  void a_time_that_is_not_understood_is_refused_and_judged_no_further() {
    assertThatThrownBy(() -> ConfigReader.read(with("node.stale.after", "soon"), Map.of()))
        .hasMessageContaining("the configuration has one problem")
        .hasMessageContaining("\"soon\" does not fit");
  }

  @Test
  void a_slow_heartbeat_needs_other_times_in_a_cluster_only() {
    Map<String, String> slow = Map.of("heartbeat.interval", "5s");

    HoldfastConfig.Node alone = ConfigReader.read(slow, Map.of()).node();

    assertThat(alone.staleAfter()).isEqualTo(Duration.ofSeconds(15));
    assertThat(alone.deadAfter()).isEqualTo(Duration.ofSeconds(50));
    assertThatThrownBy(() -> ConfigReader.read(with("heartbeat.interval", "5s"), Map.of()))
        .hasMessageContaining("PT5S is not less than HOLDFAST_NODE_STALE_AFTER, which is PT3S");
  }

  @Test
  void nodes_of_a_cluster_have_names_of_their_own() {
    Map<String, String> environment = Map.of("HOSTNAME", "box");

    String first = ConfigReader.read(CLUSTER, environment).node().id().value();
    String second = ConfigReader.read(CLUSTER, environment).node().id().value();

    assertThat(first).startsWith("box-").isNotEqualTo(second);
    assertThat(ConfigReader.read(with("node.id", "n1"), environment).node().id().value())
        .isEqualTo("n1");
  }

  private static Map<String, String> with(String key, String value) {
    var flags = new HashMap<>(CLUSTER);
    flags.put(key, value);
    return flags;
  }
}
