package dev.holdfast.http;

import static dev.holdfast.http.LiveServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class TasksOverHttpTest {

  private static final String NOBODY = "01890000-0000-7000-8000-000000000000";
  private static LiveServer live;

  @BeforeAll
  static void start() {
    live = new LiveServer();
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /v1/tasks, 'GET, HEAD, POST'",
    "GET, /v1/tasks/batch, POST",
    "POST, /livez, 'GET, HEAD'",
    "PUT, /v1/tasks/01890000-0000-7000-8000-000000000000, 'GET, HEAD'",
    "OPTIONS, /v1/stats, 'GET, HEAD'"
  })
  void other_method_is_405(String method, String path, String allow) throws Exception {
    HttpResponse<String> answer = live.exchange(method, path, null);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue(allow);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/tasks/nope",
        "/v1/tasks/01890000-0000-7000-8000-00000000000A",
        "/v1/tasks/1-1-1-1-1",
        "/v1/tasks/" + NOBODY,
        "/v1/tasks/" + NOBODY + "/events",
        "/v1/tasks/" + NOBODY + "/placement",
        "/v1/tasks/" + NOBODY + "/other",
        "/v1/tasks/",
        "/",
        "/v2/tasks"
      })
  void what_is_not_there_is_404(String path) throws Exception {
    HttpResponse<String> answer = live.get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).get("type").asString()).isEqualTo("/problems/not-found");
  }

  @Test
  void actions_on_no_task_are_404() throws Exception {
    assertThat(live.post("/v1/tasks/" + NOBODY + "/cancel", "").statusCode()).isEqualTo(404);
    assertThat(live.post("/v1/tasks/" + NOBODY + "/retry", "{}").statusCode()).isEqualTo(404);
    assertThat(live.post("/v1/tasks/x/retry", "{}").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/tasks?limit=0",
        "/v1/tasks?limit=501",
        "/v1/tasks?limit=1.0",
        "/v1/tasks?state=PENDING",
        "/v1/tasks?type=a%20b",
        "/v1/tasks?queue=",
        "/v1/tasks?parent=x",
        "/v1/tasks?tag=",
        "/v1/tasks?cursor=abc",
        "/v1/tasks?unknown=1",
        "/v1/tasks?limit=1&limit=2",
        "/v1/tasks?namespace=-",
        "/v1/stats?x=1",
        "/livez?x",
        "/v1/events?from=middle",
        "/v1/events?type=exploded",
        "/v1/events?task=1"
      })
  void invalid_parameter_is_400_with_its_name(String path) throws Exception {
    HttpResponse<String> answer = live.get(path);

    assertThat(answer.statusCode()).isEqualTo(400);
    String name = path.replaceAll(".*[?]([a-z]+).*", "$1");
    assertThat(json(answer).get("errors").get(0).get("pointer").asString()).isEqualTo("/" + name);
  }

  @Test
  void list_pages_through_everything_newest_first() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(live.submit("{\"type\":\"echo\",\"namespace\":\"paging\",\"tags\":[\"p q\"]}"));
    }

    List<String> read = new ArrayList<>();
    String path = "/v1/tasks?namespace=paging&tag=p+q&limit=2";
    JsonNode page = json(live.get(path));
    while (true) {
      page.get("items").forEach(item -> read.add(item.get("id").asString()));
      assertThat(page.get("items").get(0).has("payload")).isFalse();
      if (!page.has("nextCursor")) {
        break;
      }
      page = json(live.get(path + "&cursor=" + page.get("nextCursor").asString()));
    }

    assertThat(read).isEqualTo(ids);
    assertThat(json(live.get("/v1/tasks?tag=p%20q")).get("items")).isEmpty();
    assertThat(json(live.get("/v1/tasks?namespace=*&tag=p%20q")).get("items")).hasSize(5);
  }

  @Test
  void events_page_through_the_story() throws Exception {
    String id = live.submit("{\"type\":\"echo\"}");
    live.await(id);

    JsonNode all = json(live.get("/v1/tasks/" + id + "/events"));
    JsonNode first = json(live.get("/v1/tasks/" + id + "/events?limit=2"));
    JsonNode rest = json(live.get("/v1/tasks/" + id + "/events?after=2&limit=2"));

    assertThat(all.get("items").findValuesAsString("type"))
        .containsExactly("created", "assigned", "started", "completed");
    assertThat(all.has("nextAfter")).isFalse();
    assertThat(first.get("nextAfter").asInt()).isEqualTo(2);
    assertThat(rest.get("items").get(1).get("version").asInt()).isEqualTo(4);
    assertThat(json(live.get("/v1/tasks/" + id + "/events?after=4")).get("items"))
        .isEmpty();
  }

  @Test
  void wait_is_applied_capped_and_ignored_when_malformed() throws Exception {
    String id = live.submit("{\"type\":\"echo\"}");

    HttpResponse<String> capped = live.get("/v1/tasks/" + id, "Prefer", "respond-async, wait=600");
    HttpResponse<String> malformed = live.get("/v1/tasks/" + id, "Prefer", "wait=soon");
    HttpResponse<String> none = live.get("/v1/tasks/" + NOBODY, "Prefer", "wait=1");

    assertThat(capped.headers().firstValue("Preference-Applied")).hasValue("wait=60");
    assertThat(json(capped).get("state").asString()).isEqualTo("completed");
    assertThat(malformed.headers().firstValue("Preference-Applied")).isEmpty();
    assertThat(none.statusCode()).isEqualTo(404);
  }

  @Test
  void wait_ends_when_its_time_is_over() throws Exception {
    String id = live.submit("{\"type\":\"nobody.runs.this\"}");
    long began = System.nanoTime();

    HttpResponse<String> answer = live.get("/v1/tasks/" + id, "Prefer", "wait=1");

    assertThat(json(answer).get("state").asString()).isEqualTo("pending");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(900));
  }

  @Test
  void cancel_of_a_waiting_task_is_done_at_once() throws Exception {
    String id = live.submit("{\"type\":\"nobody.runs.this\"}");

    HttpResponse<String> cancelled =
        live.post("/v1/tasks/" + id + "/cancel", "{\"reason\":\"not needed\"}");
    HttpResponse<String> again = live.exchange("POST", "/v1/tasks/" + id + "/cancel", null);

    assertThat(cancelled.statusCode()).isEqualTo(200);
    assertThat(json(cancelled).get("error").toString())
        .isEqualTo("{\"type\":\"cancelled\",\"message\":\"not needed\"}");
    assertThat(again.statusCode()).isEqualTo(200);
  }

  @Test
  void cancel_of_a_running_task_asks_or_forces() throws Exception {
    String id = live.submit("{\"type\":\"hold\"}");
    while (!json(live.get("/v1/tasks/" + id)).get("state").asString().equals("running")) {
      Thread.onSpinWait();
    }

    HttpResponse<String> asked = live.post("/v1/tasks/" + id + "/cancel", "{}");
    JsonNode ended = live.await(id);

    assertThat(asked.statusCode()).isEqualTo(202);
    assertThat(json(asked).get("cancelRequested").asBoolean()).isTrue();
    assertThat(ended.get("state").asString()).isEqualTo("cancelled");
  }

  @Test
  void cancel_of_an_ended_task_is_409_and_names_both_states() throws Exception {
    String id = live.submit("{\"type\":\"echo\"}");
    live.await(id);

    HttpResponse<String> answer = live.post("/v1/tasks/" + id + "/cancel", "{}");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(json(answer).get("detail").asString()).contains("completed", "cancelled");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"reason\":1}",
        "{\"force\":\"yes\"}",
        "{\"why\":\"x\"}",
        "[]",
        "{",
        "{\"reason\":\"a\\u0000b\"}",
        "{\"force\":true,\"force\":true}"
      })
  void cancel_refuses_what_it_does_not_know(String body) throws Exception {
    String id = live.submit("{\"type\":\"nobody.runs.this\"}");

    assertThat(live.post("/v1/tasks/" + id + "/cancel", body).statusCode()).isEqualTo(400);
    assertThat(live.post("/v1/tasks/" + id + "/cancel", "{\"reason\":\"" + "x".repeat(1001) + "\"}")
            .statusCode())
        .isEqualTo(400);
    assertThat(live.exchange("POST", "/v1/tasks/" + id + "/cancel", "{}").statusCode())
        .isEqualTo(415);
  }

  @Test
  void retry_replays_what_failed_and_nothing_else() throws Exception {
    String failed = live.submit("{\"type\":\"fail\"}");
    String upstream = live.submit("{\"type\":\"fail\"}");
    JsonNode end = live.await(failed);
    live.await(upstream);
    String dependant =
        live.submit("{\"type\":\"echo\",\"dependsOn\":[{\"task\":\"" + upstream + "\"}]}");
    String done = live.submit("{\"type\":\"echo\"}");
    live.await(done);

    HttpResponse<String> replayed = live.post("/v1/tasks/" + failed + "/retry", "");
    HttpResponse<String> bad = live.post("/v1/tasks/" + dependant + "/retry", "{}");
    HttpResponse<String> not = live.post("/v1/tasks/" + done + "/retry", "{}");

    assertThat(end.get("error").get("type").asString()).isEqualTo("broken");
    assertThat(replayed.statusCode()).isEqualTo(200);
    assertThat(json(replayed).get("version").asInt())
        .isGreaterThan(end.get("version").asInt());
    assertThat(bad.statusCode()).isEqualTo(409);
    assertThat(json(bad).get("detail").asString()).contains(upstream);
    assertThat(not.statusCode()).isEqualTo(409);
    assertThat(json(not).get("detail").asString()).contains("completed", "pending");
  }

  @Test
  void placement_says_why_nobody_runs_it() throws Exception {
    String id = live.submit("{\"type\":\"nobody.runs.this\",\"queue\":\"lonely\"}");

    JsonNode placement = json(live.get("/v1/tasks/" + id + "/placement"));

    assertThat(placement.get("waitingFor").get(0).get("kind").asString()).isEqualTo("executor");
    assertThat(placement.get("nodes").get(0).get("reasons").get(0).get("code").asString())
        .isEqualTo("missing-executor");
  }
}
