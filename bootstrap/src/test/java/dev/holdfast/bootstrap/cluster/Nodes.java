package dev.holdfast.bootstrap.cluster;

import dev.holdfast.bootstrap.config.ConfigReader;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.wiring.RunningNode;
import dev.holdfast.jackson.JacksonJsonMapper;
import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Nodes of one cluster in this process, each with its API, on a schema of their own. */
public final class Nodes implements AutoCloseable {

  private static final JacksonJsonMapper MAPPER = new JacksonJsonMapper();

  private final TestDatabase database = TestPostgres.newSchema();
  private final Map<String, RunningNode> nodes = new LinkedHashMap<>();
  private final HttpClient client = HttpClient.newHttpClient();

  /** Starts one; {@code more} are names and values of settings. */
  public RunningNode start(String name, String... more) {
    Map<String, String> flags = new HashMap<>(storage());
    flags.put("http.port", "0");
    flags.put("node.id", name);
    for (int i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
    RunningNode node =
        RunningNode.serving(ConfigReader.read(flags, Map.of()), Map.of("PATH", "/usr/bin:/bin"));
    nodes.put(name, node);
    return node;
  }

  /** Settings of the cluster by their keys. */
  public Map<String, String> storage() {
    return Map.of(
        "cluster.enabled", "true",
        "storage", "postgres",
        "postgres.url", database.url(),
        "postgres.user", database.user(),
        "postgres.password", database.password(),
        "postgres.schema", database.schema(),
        "postgres.pool", "4");
  }

  /** The base URL of a node. */
  public String url(String name) {
    return "http://127.0.0.1:" + nodes.get(name).port();
  }

  /** Stops one in good order. */
  public void stop(String name) {
    nodes.remove(name).close();
  }

  /** Reads from a node. */
  public HttpResponse<String> get(String name, String target)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url(name) + target)).build();
    return client.send(request, BodyHandlers.ofString());
  }

  /** Reads a document from a node. */
  public Document read(String name, String target) throws IOException, InterruptedException {
    return Document.parse(MAPPER, get(name, target).body());
  }

  /** Writes to a node. */
  public HttpResponse<String> post(String name, String target, String body)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url(name) + target))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
    return client.send(request, BodyHandlers.ofString());
  }

  /** The document of an answer. */
  public static Document document(HttpResponse<String> answer) {
    return Document.parse(MAPPER, answer.body());
  }

  @Override
  public void close() {
    nodes.values().forEach(RunningNode::close);
    client.close();
    database.close();
  }
}
