package dev.holdfast.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.cli.CliRunner.Outcome;
import dev.holdfast.bootstrap.cluster.Nodes;
import dev.holdfast.bootstrap.handlers.process.Waiting;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands against a node that does not lead. */
@Timeout(120)
class ClusterCommandsTest {

  private static Nodes cluster;
  private static Map<String, String> environment;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Nodes();
    cluster.start("first", "node.role", "leader", "node.labels", "gpu=yes");
    cluster.start("second", "worker.slots", "3");
    environment = Map.of("HOLDFAST_SERVER", cluster.url("second"));
    Waiting.until(() -> cluster.get("second", "/v1/leader").statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void writes_reach_the_leader_by_way_of_a_follower() {
    Outcome submitted = run("submit", "--type", "echo", "--wait", "-o", "json");

    assertThat(submitted.exitCode()).as(submitted.err()).isZero();
    assertThat(submitted.out()).contains("\"completed\"");
    Outcome waiting = run("submit", "--type", "nobody.has.it", "-o", "ndjson");
    String id = waiting.out().replaceAll("(?s).*\"id\":\"([0-9a-f-]{36})\".*", "$1");
    assertThat(run("tasks", "cancel", id).exitCode()).isZero();
  }

  @Test
  void nodes_are_listed_with_roles_and_states() {
    Outcome table = run("nodes");

    assertThat(table.exitCode()).as(table.err()).isZero();
    assertThat(table.out().lines().findFirst().orElseThrow()).startsWith("NODE").contains("ROLE");
    assertThat(table.out())
        .containsPattern("first +leader +healthy +\\d+/32 +http://127.0.0.1:\\d+ +gpu=yes")
        .containsPattern("second +worker +healthy +3/3");
    assertThat(run("nodes", "-o", "json").out()).startsWith("{\"items\":[");
    assertThat(run("nodes", "-o", "ndjson").out().lines()).hasSize(2);
  }

  @Test
  void the_leader_is_shown() {
    assertThat(run("leader").out()).containsPattern("node +first").containsPattern("term +1");
    assertThat(run("leader", "-o", "json").out()).contains("\"node\":\"first\"");
  }

  @Test
  void why_explains_with_every_node() {
    Outcome waiting = run("submit", "--type", "nobody.has.it", "-o", "ndjson");
    String id = waiting.out().replaceAll("(?s).*\"id\":\"([0-9a-f-]{36})\".*", "$1");

    Outcome why = run("tasks", "why", id);

    assertThat(why.out())
        .containsPattern("waits for executor +no node that is up has a handler")
        .containsPattern("first +no +no handler for type nobody.has.it")
        .containsPattern("second +no +no handler");
  }

  @Test
  void a_second_leader_does_not_start_and_says_who_leads() {
    var flags = new HashMap<>(cluster.storage());
    var settings = new HashMap<String, String>();
    flags.forEach((key, value) -> settings.put(
        "HOLDFAST_" + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_'), value));

    Outcome outcome = new CliRunner(settings)
        .run("serve", "--http-port=0", "--node-role=leader", "--leader-lease=2500ms");

    assertThat(outcome.exitCode()).isEqualTo(5);
    assertThat(outcome.err())
        .contains("node first at " + cluster.url("first") + " leads, term 1")
        .doesNotContain("\tat ", "Exception");
  }

  private static Outcome run(String... args) {
    return new CliRunner(environment).run(args);
  }
}
