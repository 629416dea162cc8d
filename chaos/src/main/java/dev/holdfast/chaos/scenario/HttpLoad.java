package dev.holdfast.chaos.scenario;

import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.ClientOp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client over HTTP that asks one server after the other until one takes what it has. */
public final class HttpLoad implements AutoCloseable {

  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f-]{36})\"");
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(PATIENCE)
      .build();
  private final Stage stage;
  private final List<Integer> ports;
  private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
  private final AtomicInteger submitted = new AtomicInteger();
  private volatile boolean closed;
  private volatile long silence;

  /** Sends nothing yet. */
  public HttpLoad(Stage stage, List<Integer> ports) {
    this.stage = stage;
    this.ports = List.copyOf(ports);
  }

  /** Waits until some server takes a task. */
  public void awaitAnswer() {
    Await.until("a server that takes tasks", Duration.ofSeconds(60), () -> submit("first"));
  }

  /** Begins to submit, task after task. */
  public void start() {
    thread.start();
  }

  private void run() {
    for (int i = 0; !closed; i++) {
      String key = "http-" + i;
      long start = System.nanoTime();
      while (!submit(key)) {
        Await.pause(Duration.ofMillis(10));
      }
      silence = Math.max(silence, System.nanoTime() - start);
      submitted.incrementAndGet();
    }
  }

  /** Whether any server has acknowledged it. */
  private boolean submit(String key) {
    for (int port : ports) {
      stage.client().note(ClientOp.Kind.INVOKE, key, "");
      Optional<String> id = ask(port, key);
      if (id.isPresent()) {
        stage.client().note(ClientOp.Kind.OK, key, id.get());
        return true;
      }
      stage.client().note(ClientOp.Kind.UNKNOWN, key, "");
    }
    return false;
  }

  private Optional<String> ask(int port, String key) {
    HttpRequest request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + "/v1/tasks"))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(
            "{\"type\":\"echo\",\"idempotencyKey\":\"" + key + "\"}"))
        .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      Matcher id = ID.matcher(answer.body());
      return answer.statusCode() / 100 == 2 && id.find()
          ? Optional.of(id.group(1))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The longest that one task waited for its acknowledgement. */
  public Duration longestSilence() {
    return Duration.ofNanos(silence);
  }

  /** Ends it after the last acknowledgement; how many there were. */
  public int end() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return submitted.get();
  }

  @Override
  public void close() {
    end();
    http.close();
  }
}
