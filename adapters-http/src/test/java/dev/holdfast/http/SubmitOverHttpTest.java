package dev.holdfast.http;

import static dev.holdfast.http.LiveServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class SubmitOverHttpTest {

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
  void submit_answers_with_the_task_and_where_it_is() throws Exception {
    HttpResponse<String> answer =
        live.post("/v1/tasks", "{\"type\":\"echo\",\"payload\":{\"z\":1.50,\"a\":[1e2]}}");

    assertThat(answer.statusCode()).isEqualTo(201);
    String id = json(answer).get("id").asString();
    assertThat(answer.headers().firstValue("Location")).hasValue("/v1/tasks/" + id);
    assertThat(answer.body()).contains("\"payload\":{\"z\":1.50,\"a\":[1e2]}");
    JsonNode ended = live.await(id);
    assertThat(ended.get("state").asString()).isEqualTo("completed");
    assertThat(ended.get("attempt").asInt()).isEqualTo(1);
    assertThat(ended.get("node").asString()).isEqualTo("node-1");
    assertThat(ended.has("error")).isFalse();
    assertThat(ended.has("queuePosition")).isFalse();
  }

  @Test
  void submit_with_every_member_shows_them_again() throws Exception {
    String parent = live.submit("{\"type\":\"echo\"}");
    JsonNode task = json(live.post("/v1/tasks", """
        {"type":"nobody.runs.this","namespace":"default","queue":"slow","priority":0,
         "runAt":"2020-01-01T01:00:00+01:00","idempotencyKey":"every","maxAttempts":7,
         "retry":{"strategy":"linear","base":"PT2S","cap":"P2D","jitter":0,"nonRetryable":["a"]},
         "timeout":"PT1.5S","expiresIn":"P365D","constraints":{"labels":{"gpu":"yes"},
         "allowedNodes":["x"],"forbiddenNodes":["y"]},"parent":{"task":"%s"},"ref":"me",
         "tags":["t1","t2"],"onWorkerLoss":"fail"}""".formatted(parent)));

    assertThat(task.get("state").asString()).isEqualTo("pending");
    assertThat(task.get("retry").toString())
        .isEqualTo("{\"strategy\":\"linear\",\"base\":\"PT2S\",\"cap\":\"P2D\",\"jitter\":0.0,"
            + "\"nonRetryable\":[\"a\"]}");
    assertThat(task.get("timeout").asString()).isEqualTo("PT1.5S");
    assertThat(task.get("constraints").toString())
        .isEqualTo("{\"labels\":{\"gpu\":\"yes\"},\"allowedNodes\":[\"x\"],"
            + "\"forbiddenNodes\":[\"y\"]}");
    assertThat(task.get("parent").get("task").asString()).isEqualTo(parent);
    assertThat(task.get("ref").asString()).isEqualTo("me");
    assertThat(task.get("onWorkerLoss").asString()).isEqualTo("fail");
    assertThat(task.get("queuePosition").asInt()).isEqualTo(1);
    assertThat(task.get("createdAt").asString()).matches(".*\\.\\d{6}Z");
  }

  @Test
  void same_key_and_content_answers_with_the_first_task() throws Exception {
    String first = "{\"type\":\"echo\",\"idempotencyKey\":\"k1\",\"payload\":{\"a\":1,\"b\":2}}";
    String same = "{\"payload\":{ \"b\":2, \"a\":1},\"idempotencyKey\":\"k1\",\"type\":\"echo\"}";
    String other = "{\"type\":\"echo\",\"idempotencyKey\":\"k1\",\"payload\":{\"a\":1.0,\"b\":2}}";
    String id = live.submit(first);

    HttpResponse<String> again = live.post("/v1/tasks", same);
    HttpResponse<String> conflict = live.post("/v1/tasks", other);

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(json(again).get("id").asString()).isEqualTo(id);
    assertThat(conflict.statusCode()).isEqualTo(409);
    assertThat(json(conflict).get("type").asString()).isEqualTo("/problems/idempotency-conflict");
    assertThat(json(conflict).get("detail").asString()).contains(id);
  }

  @Test
  void batch_answers_in_input_order() throws Exception {
    HttpResponse<String> answer = live.post("/v1/tasks/batch", """
        {"tasks":[{"type":"echo","ref":"a"},
          {"type":"echo","ref":"b","dependsOn":[{"ref":"a"}]}]}""");

    assertThat(answer.statusCode()).isEqualTo(201);
    JsonNode tasks = json(answer).get("tasks");
    assertThat(tasks.get(0).get("ref").asString()).isEqualTo("a");
    assertThat(tasks.get(1).get("existing").asBoolean()).isFalse();
    JsonNode second = live.await(tasks.get(1).get("id").asString());
    assertThat(second.get("state").asString()).isEqualTo("completed");
    assertThat(second.get("dependsOn").get(0).get("task"))
        .isEqualTo(tasks.get(0).get("id"));
  }

  @Test
  void batch_takes_one_task_a_line() throws Exception {
    HttpResponse<String> answer = live.exchange(
        "POST",
        "/v1/tasks/batch",
        "{\"type\":\"echo\"}\r\n\n{\"type\":\"echo\",\"idempotencyKey\":\"k2\"}",
        "Content-Type",
        "application/x-ndjson; charset=utf-8");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(json(answer).get("tasks")).hasSize(2);
  }

  @Test
  void batch_names_every_fault_and_stores_nothing() throws Exception {
    HttpResponse<String> faulty = live.post("/v1/tasks/batch", """
        {"tasks":[{"type":"echo","queue":"only.here"},{"typ":"echo"},
          {"type":"echo","priority":10,"tags":[1]}]}""");
    HttpResponse<String> dangling = live.post("/v1/tasks/batch", """
        {"tasks":[{"type":"echo","queue":"only.here"},
          {"type":"echo","dependsOn":[{"ref":"nobody"}]}]}""");

    assertThat(faulty.statusCode()).isEqualTo(400);
    List<String> pointers = new ArrayList<>();
    json(faulty)
        .get("errors")
        .forEach(error -> pointers.add(error.get("pointer").asString()));
    assertThat(pointers)
        .containsExactlyInAnyOrder(
            "/tasks/1/type", "/tasks/1/typ", "/tasks/2/priority", "/tasks/2/tags/0");
    assertThat(dangling.statusCode()).isEqualTo(400);
    assertThat(json(dangling).get("errors").get(0).get("pointer").asString())
        .startsWith("/tasks/1/dependsOn/0");
    assertThat(json(live.get("/v1/tasks?queue=only.here")).get("items")).isEmpty();
  }

  @Test
  void payload_above_its_limit_is_413() throws Exception {
    String large = "\"" + "x".repeat(1 << 20) + "\"";

    HttpResponse<String> single =
        live.post("/v1/tasks", "{\"type\":\"echo\",\"payload\":" + large + "}");
    HttpResponse<String> batch =
        live.post("/v1/tasks/batch", "{\"tasks\":[{\"type\":\"echo\",\"payload\":" + large + "}]}");

    assertThat(single.statusCode()).isEqualTo(413);
    assertThat(batch.statusCode()).isEqualTo(413);
    assertThat(json(batch).get("errors").get(0).get("pointer").asString())
        .isEqualTo("/tasks/0/payload");
  }

  @Test
  void content_above_its_limit_is_413() throws Exception {
    HttpResponse<String> answer = live.post("/v1/tasks", " ".repeat(10_000_000));

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/tasks, text/plain",
    "POST, /v1/tasks, application/x-ndjson",
    "POST, /v1/tasks, application/json; charset=latin1",
    "POST, /v1/tasks/batch, application/xml"
  })
  void other_media_type_is_415(String method, String path, String type) throws Exception {
    HttpResponse<String> answer = live.exchange(method, path, "{}", "Content-Type", type);

    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @Test
  void broken_framing_is_answered_before_more_arrives() throws Exception {
    try (RawClient client = new RawClient(live.port)) {
      client.send("POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}");

      assertThat(client.answer()).startsWith("HTTP/1.1 400 ").contains("framing");
    }
  }

  @Test
  void submit_without_content_is_400() throws Exception {
    assertThat(live.exchange("POST", "/v1/tasks", null).statusCode()).isEqualTo(400);
    assertThat(live.exchange("POST", "/v1/tasks/batch", null).statusCode()).isEqualTo(400);
  }
}
