package dev.holdfast.http;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.jackson.JacksonJsonMapper;
import dev.holdfast.testkit.memory.InMemoryStorage;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server over an engine in memory, and a client for it. */
final class LiveServer implements AutoCloseable {

  static final JsonMapper JSON = new JsonMapper();

  final Engine engine;
  final HttpServer server;
  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final int port;
  final CountDownLatch gate = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newHttpClient();

  LiveServer() {
    this(HttpSettings.DEFAULT.withPort(0), WriteGate.ALWAYS);
  }

  LiveServer(HttpSettings settings, WriteGate writes) {
    InMemoryStorage storage = new InMemoryStorage(InstantSource.system());
    this.engine = new EngineBuilder(
            storage,
            new JacksonJsonMapper(),
            EngineSettings.of(new NodeId("node-1")).withSlots(8))
        .meters(new MicrometerMeters(registry))
        .handler("echo", context -> context.payload())
        .handler("hold", context -> {
          gate.await();
          return context.payload();
        })
        .handler("fail", context -> {
          throw TaskFailure.fatal("broken", "as it was asked");
        })
        .start();
    this.server = new HttpServer(engine, settings, writes, registry);
    this.port = server.start();
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return exchange("GET", path, null, headers);
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "application/json";
    return exchange("POST", path, body, all);
  }

  /** Sends a request, and checks that it and its answer are as the description says. */
  HttpResponse<String> exchange(
      String method, String path, @Nullable String body, String... headers) throws Exception {
    HttpRequest request = request(path, headers)
        .method(
            method,
            body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body))
        .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    boolean isJson = request.headers().firstValue("Content-Type").orElse("").endsWith("/json");
    OpenApi.PUBLISHED.check(method, path, isJson ? body : null, response);
    return response;
  }

  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base() + path)).timeout(Duration.ofSeconds(30));
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return builder;
  }

  String base() {
    return "http://127.0.0.1:" + port;
  }

  /** Submits one task and gives its id. */
  String submit(String document) throws Exception {
    return json(post("/v1/tasks", document)).get("id").asString();
  }

  /** Waits until a task has ended. */
  JsonNode await(String id) throws Exception {
    return json(get("/v1/tasks/" + id, "Prefer", "wait=20"));
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(Duration.ofSeconds(2));
    engine.close();
    client.close();
  }
}
