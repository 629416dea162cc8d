package dev.holdfast.http;

import static dev.holdfast.http.LiveServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.value.NodeId;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class ClusterOverHttpTest {

  private static LiveServer live;

  @BeforeAll
  static void start() {
    live = new LiveServer();
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @Test
  void nodes_and_leader_show_this_node() throws Exception {
    JsonNode node = json(live.get("/v1/nodes")).get("items").get(0);

    assertThat(node.get("id").asString()).isEqualTo("node-1");
    assertThat(node.get("role").asString()).isEqualTo("leader");
    assertThat(node.get("state").asString()).isEqualTo("healthy");
    assertThat(node.get("slots").get("total").asInt()).isEqualTo(8);
    JsonNode leader = json(live.get("/v1/leader"));
    assertThat(leader.get("node").asString()).isEqualTo("node-1");
    assertThat(leader.get("term").asInt()).isEqualTo(1);
  }

  @Test
  void stats_count_every_state() throws Exception {
    live.await(live.submit("{\"type\":\"echo\",\"queue\":\"counted\"}"));
    live.submit("{\"type\":\"nobody.runs.this\",\"queue\":\"counted\"}");

    JsonNode stats = json(live.get("/v1/stats"));

    assertThat(stats.get("states").get("timed_out").asInt()).isZero();
    assertThat(stats.get("clockSkewMillis").isIntegralNumber()).isTrue();
    assertThat(stats.get("queues").findValuesAsString("name")).contains("counted");
  }

  @Test
  void health_names_its_checks() throws Exception {
    for (String path : List.of("/livez", "/readyz")) {
      HttpResponse<String> answer = live.get(path);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).get("status").asString()).isEqualTo("ok");
      assertThat(json(answer).get("failing")).isEmpty();
    }
  }

  @Test
  void metrics_have_requests_engine_and_process() throws Exception {
    live.get("/v1/tasks/nope");

    HttpResponse<String> answer = live.get("/metrics");

    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(answer.body())
        .contains("holdfast_http_requests_seconds_count{method=\"GET\",route=\"/v1/tasks/{id}\","
            + "status=\"404\"}")
        .contains("jvm_memory_used_bytes")
        .contains("jvm_threads_live")
        .contains("holdfast_http_connections");
  }

  @Test
  void head_is_get_without_content() throws Exception {
    for (String path : List.of("/livez", "/v1/stats", "/v1/tasks", "/openapi.json", "/v1/events")) {
      HttpResponse<String> answer = live.exchange("HEAD", path, null);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
    }
    assertThat(live.exchange("HEAD", "/v1/tasks/nope", null).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "https://localhost.evil.example:1"})
  void write_from_a_page_of_another_origin_is_421(String origin) throws Exception {
    HttpResponse<String> answer = live.post("/v1/tasks", "{\"type\":\"echo\"}", "Origin", origin);

    assertThat(answer.statusCode()).isEqualTo(421);
    assertThat(live.get("/livez", "Origin", origin).statusCode()).isEqualTo(200);
  }

  @Test
  void write_from_a_page_of_this_origin_is_taken() throws Exception {
    assertThat(
            live.post("/v1/tasks", "{\"type\":\"echo\"}", "Origin", live.base()).statusCode())
        .isEqualTo(201);
  }

  @Test
  void write_on_a_follower_is_503_with_the_leader() throws Exception {
    WriteGate.Leader leader = new WriteGate.Leader(new NodeId("boss"), "http://boss:8080");
    try (LiveServer follower =
        new LiveServer(HttpSettings.DEFAULT.withPort(0), () -> new WriteGate.Closed(leader))) {
      HttpResponse<String> answer = follower.post("/v1/tasks", "{\"type\":\"echo\"}");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(json(answer).get("type").asString()).isEqualTo("/problems/not-leader");
      assertThat(json(answer).get("leader").asString()).isEqualTo("boss");
      assertThat(json(answer).get("leaderAddress").asString()).isEqualTo("http://boss:8080");
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(follower.get("/v1/tasks").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void write_without_a_leader_is_503_without_its_members() throws Exception {
    try (LiveServer lost =
        new LiveServer(HttpSettings.DEFAULT.withPort(0), () -> new WriteGate.Closed(null))) {
      HttpResponse<String> answer = lost.post("/v1/tasks/batch", "");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(json(answer).has("leader")).isFalse();
      assertThat(json(answer).has("leaderAddress")).isFalse();
    }
  }

  @Test
  void stop_ends_waits_with_what_they_have() throws Exception {
    LiveServer stopping = new LiveServer();
    String id = stopping.submit("{\"type\":\"nobody.runs.this\"}");
    CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() -> {
      try {
        return stopping.get("/v1/tasks/" + id, "Prefer", "wait=30");
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    while (!stopping.registry.scrape().contains("holdfast_http_active 1.0")) {
      Thread.onSpinWait();
    }

    stopping.server.stop(Duration.ofSeconds(5));

    HttpResponse<String> answer = waiting.get(5, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).get("state").asString()).isEqualTo("pending");
    stopping.close();
  }

  @Test
  void port_that_is_taken_is_refused() {
    HttpServer second = new HttpServer(
        live.engine, HttpSettings.DEFAULT.withPort(live.port), WriteGate.ALWAYS, live.registry);

    assertThatThrownBy(second::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(Integer.toString(live.port));
  }

  @Test
  void bind_to_others_is_refused_unless_meant() {
    HttpSettings open = new HttpSettings("0.0.0.0", 0, Set.of(), false, HttpLimits.DEFAULT);

    assertThatThrownBy(() -> new HttpServer(live.engine, open, WriteGate.ALWAYS, live.registry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOLDFAST_HTTP_INSECURE");
  }

  @Test
  void bind_to_others_works_when_meant() throws Exception {
    HttpSettings open =
        new HttpSettings("0.0.0.0", 0, Set.of("api.example:81"), true, HttpLimits.DEFAULT);
    try (LiveServer wide = new LiveServer(open, WriteGate.ALWAYS)) {
      assertThat(wide.get("/livez").statusCode()).isEqualTo(200);
      try (RawClient client = new RawClient(wide.port)) {
        assertThat(client
                .send("GET /livez HTTP/1.1\r\nHost: API.example:81\r\n\r\n")
                .answer())
            .startsWith("HTTP/1.1 200 ");
        assertThat(client
                .send("GET /livez HTTP/1.1\r\nHost: api.example:82\r\n\r\n")
                .answer())
            .startsWith("HTTP/1.1 421 ");
      }
    }
  }

  @Test
  void settings_refuse_what_cannot_be() {
    assertThatThrownBy(() -> HttpSettings.DEFAULT.withPort(65_536))
        .hasMessageContaining("HOLDFAST_HTTP_PORT");
    HttpSettings nowhere =
        new HttpSettings("no.such.host.invalid", 0, Set.of(), false, HttpLimits.DEFAULT);
    assertThatThrownBy(nowhere::address).hasMessageContaining("has no address");
    Duration zero = Duration.ZERO;
    assertThatThrownBy(() -> new HttpLimits(1, 1, zero, zero, zero, zero, zero))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new HttpLimits(0, 1, zero, zero, zero, zero, zero))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(HttpSettings.DEFAULT.withLimits(HttpLimits.DEFAULT)).isEqualTo(HttpSettings.DEFAULT);
    assertThat(new HttpSettings("::1", 0, Set.of(), false, HttpLimits.DEFAULT).hosts())
        .contains("[::1]");
  }
}
