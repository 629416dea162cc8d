package dev.holdfast.http;

import static dev.holdfast.http.LiveServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class TasksOverHttpTest {

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
    assertThat(live.await(tasks.get(1).get("id").asString()).get("state").asString())
        .isEqualTo("completed");
  }
}
