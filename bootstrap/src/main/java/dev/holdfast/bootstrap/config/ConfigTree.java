package dev.holdfast.bootstrap.config;

import dev.holdfast.application.engine.Retention;
import dev.holdfast.bootstrap.config.HoldfastConfig.Cluster;
import dev.holdfast.bootstrap.config.HoldfastConfig.Executors;
import dev.holdfast.bootstrap.config.HoldfastConfig.Http;
import dev.holdfast.bootstrap.config.HoldfastConfig.Log;
import dev.holdfast.bootstrap.config.HoldfastConfig.Node;
import dev.holdfast.bootstrap.config.HoldfastConfig.StorageConfig;
import dev.holdfast.domain.value.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts values that fit into the tree. */
final class ConfigTree {

  private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

  private ConfigTree() {}

  static HoldfastConfig of(SettingValues values, Map<String, String> environment) {
    return new HoldfastConfig(
        storage(values),
        values.find(Settings.RETENTION_AGE).map(Retention::new).orElse(null),
        http(values),
        node(values, environment),
        cluster(values),
        new Executors(
            values.find(Settings.PROCESS_ALLOW).orElse(List.of()),
            values.find(Settings.HTTP_EXECUTOR_ALLOW).orElse(List.of())),
        new Log(values.get(Settings.LOG_FORMAT), values.get(Settings.LOG_LEVEL)));
  }

  private static StorageConfig storage(SettingValues values) {
    return switch (values.get(Settings.STORAGE)) {
      case DUCKDB ->
        new StorageConfig.DuckDb(
            values.get(Settings.DUCKDB_FILE), values.get(Settings.DUCKDB_MEMORY));
      case POSTGRES ->
        new StorageConfig.Postgres(
            values.get(Settings.POSTGRES_URL),
            values.get(Settings.POSTGRES_USER),
            values.find(Settings.POSTGRES_PASSWORD).orElse(""),
            values.get(Settings.POSTGRES_SCHEMA),
            values.get(Settings.POSTGRES_POOL));
    };
  }

  private static Http http(SettingValues values) {
    return new Http(
        values.get(Settings.HTTP_HOST),
        values.get(Settings.HTTP_PORT),
        values.find(Settings.HTTP_ALLOWED_HOSTS).orElse(List.of()),
        values.get(Settings.HTTP_INSECURE),
        values.find(Settings.ADVERTISED_URL).orElse(null));
  }

  private static Node node(SettingValues values, Map<String, String> environment) {
    return new Node(
        values
            .find(Settings.NODE_ID)
            .orElseGet(() -> nodeOf(environment.get("HOSTNAME"), values.isCluster())),
        values.find(Settings.NODE_LABELS).orElse(Map.of()),
        values.get(Settings.WORKER_SLOTS),
        values.get(Settings.HEARTBEAT_INTERVAL),
        values.staleAfter().orElseThrow(),
        values.deadAfter().orElseThrow(),
        values.get(Settings.POLL_MAX),
        values.get(Settings.STOP_GRACE));
  }

  private static Cluster cluster(SettingValues values) {
    return new Cluster(
        values.isCluster(),
        values.get(Settings.NODE_ROLE),
        values.get(Settings.LEADER_LEASE),
        values.get(Settings.LEADER_RENEW),
        values.get(Settings.API_WRITES));
  }

  /**
   * The host's name without asking a name service, which may be slow or away. In a cluster every
   * process has a name of its own: a second one of the same name would end the first one's session.
   */
  private static NodeId nodeOf(@Nullable String hostname, boolean isCluster) {
    String name = hostname == null || hostname.isBlank() ? kernelName() : hostname;
    String end = isCluster ? "-" + UUID.randomUUID().toString().substring(0, 8) : "";
    try {
      return new NodeId(name.strip() + end);
    } catch (IllegalArgumentException e) {
      return new NodeId("local" + end);
    }
  }

  private static String kernelName() {
    try {
      return Files.readString(KERNEL_NAME);
    } catch (IOException e) {
      return "";
    }
  }
}
