package dev.holdfast.chaos.node;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.cluster.Role;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.jackson.JacksonJsonMapper;
import dev.holdfast.postgres.PostgresSettings;
import dev.holdfast.postgres.PostgresStorage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A node through the embedding API, as a process of its own. Everything comes from properties. */
public final class ChaosNode {

  private ChaosNode() {}

  /** Runs until it is killed, or stops in an orderly way when asked to terminate. */
  public static void main(String[] args) throws InterruptedException {
    Path folder = Path.of(text("folder", "."));
    String name = text("node", "node");
    JacksonJsonMapper json = new JacksonJsonMapper();
    NodeLog log = new NodeLog(folder.resolve("nodes.log"), name);
    Storage storage = new Witness(log).of(open());
    EngineBuilder builder = new EngineBuilder(storage, json, settings(name));
    if (!Boolean.getBoolean("alone")) {
      builder.cluster(cluster());
    }
    new Work(log, json, new Gates(folder)).register(builder);
    HeapWatch.start(folder, log);
    Engine engine = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(engine::close));
    log.add(NodeLog.Mark.READY, "-", 0, 0, "");
    new CountDownLatch(1).await();
  }

  private static PostgresStorage open() throws InterruptedException {
    PostgresSettings settings = PostgresSettings.of(text("url", ""), text("user", "postgres"), "")
        .inSchema(text("schema", "chaos"))
        .withPoolSize(Integer.getInteger("pool", PostgresSettings.DEFAULT_POOL_SIZE));
    while (true) {
      try {
        return PostgresStorage.open(settings);
      } catch (StorageUnavailable e) {
        // Whoever runs it would start it again.
        Thread.sleep(200);
      }
    }
  }

  private static EngineSettings settings(String name) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String one : text("labels", "").split(",", -1)) {
      int equals = one.indexOf('=');
      if (equals > 0) {
        labels.put(one.substring(0, equals), one.substring(equals + 1));
      }
    }
    EngineSettings defaults =
        EngineSettings.of(new NodeId(name)).withSlots(Integer.getInteger("slots", 32));
    return new EngineSettings(
        defaults.node(),
        "",
        labels,
        defaults.slots(),
        defaults.heartbeat(),
        defaults.staleAfter(),
        defaults.timeToLive(),
        defaults.longestPoll(),
        defaults.stopGrace());
  }

  private static ClusterSettings cluster() {
    ClusterSettings defaults = ClusterSettings.DEFAULT;
    return new ClusterSettings(
        Role.valueOf(text("role", "auto").toUpperCase(Locale.ROOT)),
        defaults.leaderLease(),
        defaults.leaderRenew(),
        defaults.watch());
  }

  private static String text(String name, String otherwise) {
    return System.getProperty(name, otherwise);
  }
}
