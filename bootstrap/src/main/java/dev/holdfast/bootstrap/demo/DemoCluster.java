package dev.holdfast.bootstrap.demo;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.bootstrap.config.HoldfastConfig.StorageConfig;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.remote.ServerClient;
import dev.holdfast.bootstrap.remote.ServerFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The nodes of a demo, asked through whichever of them lives. Safe for concurrent use. */
final class DemoCluster implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DemoCluster.class);
  private static final Duration END = Duration.ofSeconds(25);

  private final List<DemoNode> nodes = new ArrayList<>();
  private final Map<DemoNode, ServerClient> clients = new HashMap<>();
  private final JsonMapper mapper;
  private final AtomicInteger first = new AtomicInteger();

  /** None of the nodes runs yet. */
  DemoCluster(
      int count, int slots, StorageConfig.Postgres database, Path folder, JsonMapper mapper) {
    this.mapper = mapper;
    List<Integer> ports = freePorts(count);
    for (int i = 0; i < count; i++) {
      String name = "n" + (i + 1);
      Map<String, String> environment = settings(name, ports.get(i), slots, database);
      DemoNode node = new DemoNode(name, ports.get(i), folder, environment);
      nodes.add(node);
      clients.put(node, new ServerClient(node.url(), mapper));
    }
  }

  private static Map<String, String> settings(
      String name, int port, int slots, StorageConfig.Postgres database) {
    return Map.ofEntries(
        Map.entry("HOLDFAST_STORAGE", "postgres"),
        Map.entry("HOLDFAST_POSTGRES_URL", database.url()),
        Map.entry("HOLDFAST_POSTGRES_USER", database.user()),
        Map.entry("HOLDFAST_POSTGRES_PASSWORD", database.password()),
        Map.entry("HOLDFAST_POSTGRES_SCHEMA", database.schema()),
        Map.entry("HOLDFAST_POSTGRES_POOL", "6"),
        Map.entry("HOLDFAST_CLUSTER_ENABLED", "true"),
        Map.entry("HOLDFAST_NODE_ID", name),
        Map.entry("HOLDFAST_HTTP_PORT", Integer.toString(port)),
        Map.entry("HOLDFAST_WORKER_SLOTS", Integer.toString(slots)));
  }

  private static List<Integer> freePorts(int count) {
    var sockets = new ArrayList<ServerSocket>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<DemoNode> nodes() {
    return nodes;
  }

  /** Something that is asked of a node. */
  @FunctionalInterface
  interface Question<T> {

    T ask(ServerClient client) throws InterruptedException;
  }

  /** The answer of the first node that lives and has one; empty when none does now. */
  <T> Optional<T> ask(Question<T> question) throws InterruptedException {
    int start = first.get();
    for (int i = 0; i < nodes.size(); i++) {
      DemoNode node = nodes.get((start + i) % nodes.size());
      ServerClient client = clients.get(node);
      if (client == null || !node.isAlive()) {
        continue;
      }
      try {
        T answer = question.ask(client);
        first.set((start + i) % nodes.size());
        return Optional.of(answer);
      } catch (ServerFailure e) {
        LOG.atDebug().addKeyValue("node", node.name()).setCause(e).log("the next node is asked");
      }
    }
    return Optional.empty();
  }

  /** A document that some node answers; an empty one when none does now. */
  Document read(String target) throws InterruptedException {
    return ask(client -> client.get(target))
        .map(text -> Document.parse(mapper, text))
        .orElseGet(() -> new Document(Map.of()));
  }

  /** Ends every node, in good order if they can. */
  @Override
  public void close() {
    nodes.forEach(DemoNode::stop);
    nodes.forEach(node -> node.awaitEnd(END));
  }

  /** Ends every node at once. */
  void kill() {
    nodes.forEach(DemoNode::kill);
  }
}
