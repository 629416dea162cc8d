package dev.holdfast.bootstrap.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.LeaderActive;
import dev.holdfast.bootstrap.handlers.process.Waiting;
import dev.holdfast.bootstrap.remote.Document;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the API of each node of a cluster says, on a real PostgreSQL. */
@Timeout(120)
class ClusterServerTest {

  private static final String ECHO = "{\"type\":\"echo\"}";

  private static Nodes cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Nodes();
    cluster.start("boss", "node.role", "leader", "worker.slots", "1");
    cluster.start("gpu", "node.role", "worker", "node.labels", "gpu=yes", "worker.slots", "2");
    cluster.start("any", "api.writes", "any", "worker.slots", "2");
    cluster.start("eye", "node.role", "observer", "api.writes", "any");
    for (String name : List.of("gpu", "any", "eye")) {
      Waiting.until(() -> cluster.get(name, "/v1/leader").statusCode() == 200);
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void the_leader_takes_writes() throws Exception {
    assertThat(cluster.post("boss", "/v1/tasks", ECHO).statusCode()).isEqualTo(201);
  }

  @Test
  void a_follower_refuses_writes_and_names_the_leader() throws Exception {
    for (String path : List.of("/v1/tasks", "/v1/tasks/batch", "/v1/tasks/x/retry")) {
      HttpResponse<String> answer = cluster.post("gpu", path, ECHO);

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(Nodes.document(answer).members())
          .containsEntry("type", "/problems/not-leader")
          .containsEntry("leader", "boss")
          .containsEntry("leaderAddress", cluster.url("boss"));
    }
  }

  @Test
  void a_node_that_takes_any_writes_takes_them_but_an_observer_never_does() throws Exception {
    HttpResponse<String> taken = cluster.post("any", "/v1/tasks", ECHO);
    HttpResponse<String> refused = cluster.post("eye", "/v1/tasks", ECHO);

    assertThat(taken.statusCode()).isEqualTo(201);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(Nodes.document(refused).textOrEmpty("leader")).isEqualTo("boss");
    String id = Nodes.document(taken).textOrEmpty("id");
    Waiting.until(
        () -> cluster.read("eye", "/v1/tasks/" + id).textOrEmpty("state").equals("completed"));
  }

  @Test
  void every_node_knows_all_nodes_and_the_leader() throws Exception {
    for (String name : List.of("boss", "gpu", "any", "eye")) {
      Map<String, Document> nodes = cluster.read(name, "/v1/nodes").list("items").stream()
          .collect(Collectors.toMap(node -> node.textOrEmpty("id"), Function.identity()));

      assertThat(nodes.keySet()).contains("boss", "gpu", "any", "eye");
      assertThat(nodes.get("boss").get("role")).isEqualTo("leader");
      assertThat(nodes.get("gpu").get("role")).isEqualTo("worker");
      assertThat(nodes.get("eye").get("role")).isEqualTo("observer");
      assertThat(nodes.get("eye").get("state")).isEqualTo("healthy");
      assertThat(nodes.get("gpu").get("address")).isEqualTo(cluster.url("gpu"));
      Document leader = cluster.read(name, "/v1/leader");
      assertThat(leader.get("node")).isEqualTo("boss");
      assertThat(leader.get("address")).isEqualTo(cluster.url("boss"));
    }
  }

  @Test
  void every_node_is_ready_and_the_leader_shows_its_duties() throws Exception {
    for (String name : List.of("boss", "gpu", "any", "eye")) {
      Waiting.until(() -> cluster.get(name, "/readyz").statusCode() == 200);
    }

    assertThat(checks("boss"))
        .contains("loop reclaim", "loop promote", "loop expire", "loop deaths", "loop upkeep");
    assertThat(checks("gpu")).doesNotContain("loop reclaim").contains("loop lead", "loop claim");
    assertThat(checks("eye")).doesNotContain("loop reclaim", "loop claim");
    assertThat(cluster.get("gpu", "/readyz").body()).contains("follows boss, term 1");
  }

  private static List<String> checks(String name) throws Exception {
    return cluster.read(name, "/readyz").list("checks").stream()
        .map(check -> check.textOrEmpty("name"))
        .toList();
  }

  @Test
  void meters_tell_who_leads() throws Exception {
    String boss = cluster.get("boss", "/metrics").body();
    String gpu = cluster.get("gpu", "/metrics").body();

    assertThat(boss)
        .contains("holdfast_leader 1.0", "holdfast_leader_term 1.0")
        .contains("holdfast_clock_skew_seconds")
        .contains("holdfast_loop_age_seconds{loop=\"reclaim\"}");
    assertThat(gpu)
        .contains("holdfast_leader 0.0", "holdfast_leader_term 1.0")
        .doesNotContain("loop=\"reclaim\"");
  }

  @Test
  void a_placement_has_the_reasons_of_every_node() throws Exception {
    String task = "{\"type\":\"echo\",\"constraints\":{\"labels\":{\"gpu\":\"yes\"},"
        + "\"forbiddenNodes\":[\"gpu\"],\"allowedNodes\":[\"boss\",\"eye\"]}}";
    String id = Nodes.document(cluster.post("boss", "/v1/tasks", task)).textOrEmpty("id");

    Document placement = cluster.read("any", "/v1/tasks/" + id + "/placement");

    Map<String, List<String>> reasons = placement.list("nodes").stream()
        .collect(Collectors.toMap(node -> node.textOrEmpty("node"), node -> codes(node)));
    assertThat(reasons.get("boss")).containsExactly("label");
    assertThat(reasons.get("gpu")).containsExactly("not-allowed", "forbidden");
    assertThat(reasons.get("any")).containsExactly("label", "not-allowed");
    assertThat(reasons.get("eye")).contains("label", "observer");
    assertThat(placement.list("waitingFor").stream().map(wait -> wait.get("kind")))
        .containsExactly("label", "node");
  }

  private static List<String> codes(Document node) {
    return node.list("reasons").stream()
        .map(reason -> reason.textOrEmpty("code"))
        .toList();
  }

  @Test
  void a_task_starts_within_a_second_of_a_fitting_node_joining() throws Exception {
    String task = "{\"type\":\"echo\",\"constraints\":{\"labels\":{\"zone\":\"late\"}}}";
    String id = Nodes.document(cluster.post("boss", "/v1/tasks", task)).textOrEmpty("id");
    assertThat(cluster.read("gpu", "/v1/tasks/" + id + "/placement").list("waitingFor"))
        .extracting(wait -> wait.get("kind"))
        .containsExactly("label");

    cluster.start("late", "node.role", "worker", "node.labels", "zone=late");
    long joined = System.nanoTime();
    Waiting.until(
        () -> cluster.read("gpu", "/v1/tasks/" + id).textOrEmpty("state").equals("completed"));

    assertThat(System.nanoTime() - joined).isLessThan(1_000_000_000L);
    assertThat(cluster.read("gpu", "/v1/tasks/" + id).get("node")).isEqualTo("late");
    cluster.stop("late");
    Document gone = cluster.read("gpu", "/v1/nodes").list("items").stream()
        .filter(node -> node.textOrEmpty("id").equals("late"))
        .findFirst()
        .orElseThrow();
    assertThat(gone.get("state")).isEqualTo("dead");
  }

  @Test
  void unknown_constraints_are_refused() throws Exception {
    HttpResponse<String> answer = cluster.post(
        "boss", "/v1/tasks", "{\"type\":\"echo\",\"constraints\":{\"nodes\":[\"gpu\"]}}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("/constraints/nodes");
  }

  @Test
  void a_node_that_must_lead_is_refused_while_another_one_does() {
    assertThatThrownBy(
            () -> cluster.start("second", "node.role", "leader", "leader.lease", "PT2.5S"))
        .isInstanceOf(LeaderActive.class)
        .hasMessageContaining("node boss at " + cluster.url("boss") + " leads, term 1");
  }

  @Test
  void without_a_leader_writes_are_refused_and_there_is_none() throws Exception {
    try (Nodes others = new Nodes()) {
      others.start("w", "node.role", "worker");

      HttpResponse<String> answer = others.post("w", "/v1/tasks", ECHO);

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(Nodes.document(answer).members()).doesNotContainKeys("leader", "leaderAddress");
      HttpResponse<String> leader = others.get("w", "/v1/leader");
      assertThat(leader.statusCode()).isEqualTo(404);
      assertThat(leader.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(others.get("w", "/readyz").statusCode()).isEqualTo(200);
    }
  }
}
