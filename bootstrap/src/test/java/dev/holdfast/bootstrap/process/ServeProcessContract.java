package dev.holdfast.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.bootstrap.handlers.process.Waiting;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.remote.EventReader;
import dev.holdfast.bootstrap.remote.ServerClient;
import dev.holdfast.bootstrap.remote.ServerClient.Body;
import dev.holdfast.bootstrap.remote.ServerFailure;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server process owes its clients, on whatever storage. */
abstract class ServeProcessContract {

  private static final JacksonJsonMapper MAPPER = new JacksonJsonMapper();
  private static final int ENOUGH = 600;
  private static final Body BATCH = Body.json(IntStream.range(0, 50)
      .mapToObj(i -> "{\"type\":\"echo\",\"payload\":" + i + "}")
      .collect(Collectors.joining(",", "{\"tasks\":[", "]}")));

  @TempDir
  private Path folder;

  /** What the environment says of the storage. */
  abstract Map<String, String> storage();

  @Test
  void what_was_accepted_survives_a_kill_and_completes_once() throws Exception {
    Set<String> accepted = ConcurrentHashMap.newKeySet();
    try (HoldfastProcess first = serve()) {
      ServerClient client = first.client();
      Thread submitter = Thread.ofVirtual().start(() -> submitUntilGone(client, accepted));
      Waiting.until(() -> accepted.size() >= ENOUGH);
      first.kill();
      submitter.join();
    }

    try (HoldfastProcess second = serve()) {
      Map<String, Integer> completions = completions(second.client(), accepted);

      assertThat(completions.keySet()).containsAll(accepted);
      assertThat(completions.values()).containsOnly(1);
      second.terminate();
      assertThat(second.exitCode()).as(second.err()).isZero();
    }
  }

  @Test
  void a_second_server_is_refused_and_told_who_has_the_storage() throws Exception {
    try (HoldfastProcess first = serve()) {
      first.client();
      HoldfastProcess second = serve();

      assertThat(second.exitCode()).as(second.err()).isEqualTo(5);
      assertThat(second.err()).contains(holder(first)).doesNotContain("\tat ");
    }
  }

  /** What the message has to name. */
  abstract String[] holder(HoldfastProcess first);

  @Test
  void a_terminated_server_lets_handlers_finish_and_ends_well() throws Exception {
    String id;
    try (HoldfastProcess first = serve()) {
      ServerClient client = first.client();
      id = id(client.post(
          "/v1/tasks", Body.json("{\"type\":\"sleep\",\"payload\":{\"millis\":1500}}")));
      Waiting.until(() -> state(client, id).matches("claimed|running"));

      first.terminate();

      assertThat(first.exitCode()).as(first.err()).isZero();
      assertThat(first.err()).contains("stopping").contains("ServeCommand: stopped");
    }
    try (HoldfastProcess second = serve()) {
      assertThat(state(second.client(), id)).isEqualTo("completed");
    }
  }

  HoldfastProcess serve() throws Exception {
    var environment = new HashMap<>(storage());
    environment.put("HOLDFAST_NODE_ID", "the-node");
    return HoldfastProcess.start(folder, environment, "serve", "--http-port", "0");
  }

  private static void submitUntilGone(ServerClient client, Set<String> accepted) {
    assertThatThrownBy(() -> {
          while (true) {
            String answer = client.post("/v1/tasks/batch", BATCH);
            Document.parse(MAPPER, answer)
                .list("tasks")
                .forEach(task -> accepted.add(task.textOrEmpty("id")));
          }
        })
        .isInstanceOfSatisfying(ServerFailure.class, e -> assertThat(e.status()).isZero());
  }

  /** How often each task completed, once every accepted one did. */
  private static Map<String, Integer> completions(ServerClient client, Set<String> accepted)
      throws Exception {
    var completions = new HashMap<String, Integer>();
    try (var events = new EventReader(client.stream("/v1/events?from=start&type=completed"))) {
      while (!completions.keySet().containsAll(accepted)) {
        Document event = Document.parse(MAPPER, events.next().data());
        completions.merge(event.textOrEmpty("taskId"), 1, Integer::sum);
      }
    }
    return Collections.unmodifiableMap(completions);
  }

  private static String state(ServerClient client, String id) throws InterruptedException {
    return Document.parse(MAPPER, client.get("/v1/tasks/" + id)).textOrEmpty("state");
  }

  private static String id(String answer) {
    return Document.parse(MAPPER, answer).textOrEmpty("id");
  }
}
