package dev.holdfast.bootstrap.config;

import dev.holdfast.application.cluster.Role;
import dev.holdfast.application.engine.Retention;
import dev.holdfast.domain.value.NodeId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a process of Holdfast runs; read and checked by {@link ConfigReader}.
 *
 * @param retention how long what has ended is kept; null for ever
 */
public record HoldfastConfig(
    StorageConfig storage,
    @Nullable Retention retention,
    Http http,
    Node node,
    Cluster cluster,
    Executors executors,
    Log log) {

  public HoldfastConfig {
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(http, "http");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(executors, "executors");
    Objects.requireNonNull(log, "log");
  }

  /** The same with another server. */
  public HoldfastConfig with(Http other) {
    return new HoldfastConfig(storage, retention, other, node, cluster, executors, log);
  }

  /** The storages there are. */
  public enum StorageKind {
    DUCKDB,
    POSTGRES
  }

  /** Which nodes of a cluster take writes over HTTP; observers never do. */
  public enum ApiWrites {
    LEADER,
    ANY
  }

  /** How log lines look. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  /** The levels of the log. */
  public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** Where tasks are kept. */
  public sealed interface StorageConfig {

    /**
     * In a file.
     *
     * @param memoryMegabytes an upper bound for DuckDB's own memory
     */
    record DuckDb(Path file, int memoryMegabytes) implements StorageConfig {

      public DuckDb {
        Objects.requireNonNull(file, "file");
      }
    }

    /** In a database. */
    record Postgres(String url, String user, String password, String schema, int poolSize)
        implements StorageConfig {

      public Postgres {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(schema, "schema");
      }

      /** Without the password. */
      @Override
      public String toString() {
        return "Postgres[url=" + ConfigProblem.masked(url) + ", user=" + user + ", schema=" + schema
            + ", poolSize=" + poolSize + "]";
      }
    }
  }

  /**
   * The server.
   *
   * @param allowedHosts names that the {@code Host} of a request may have, beside loopback ones
   * @param insecure whether an address that is not loopback may be served
   * @param advertisedUrl under which others reach the node; null for {@code http://host:port}
   */
  public record Http(
      String host,
      int port,
      List<String> allowedHosts,
      boolean insecure,
      @Nullable URI advertisedUrl) {

    public Http {
      Objects.requireNonNull(host, "host");
      allowedHosts = List.copyOf(allowedHosts);
    }

    /** The same on another port. */
    public Http withPort(int other) {
      return new Http(host, other, allowedHosts, insecure, advertisedUrl);
    }

    /** The base URL under which others reach the node; empty when the port is chosen at start. */
    public String address() {
      if (advertisedUrl != null) {
        return advertisedUrl.toString();
      }
      String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
      return port == 0 ? "" : "http://" + shown + ":" + port;
    }
  }

  /**
   * The node.
   *
   * @param staleAfter the silence after which others count on it no more
   * @param deadAfter the silence after which its tasks are given to others
   */
  public record Node(
      NodeId id,
      Map<String, String> labels,
      int slots,
      Duration heartbeat,
      Duration staleAfter,
      Duration deadAfter,
      Duration longestPoll,
      Duration stopGrace) {

    public Node {
      Objects.requireNonNull(id, "id");
      labels = Map.copyOf(labels);
      Objects.requireNonNull(heartbeat, "heartbeat");
      Objects.requireNonNull(staleAfter, "staleAfter");
      Objects.requireNonNull(deadAfter, "deadAfter");
      Objects.requireNonNull(longestPoll, "longestPoll");
      Objects.requireNonNull(stopGrace, "stopGrace");
    }
  }

  /**
   * The cluster; without one, nothing but {@code enabled} counts.
   *
   * @param lease how long a lead lasts unless renewed
   */
  public record Cluster(
      boolean enabled, Role role, Duration lease, Duration renew, ApiWrites writes) {

    public Cluster {
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(lease, "lease");
      Objects.requireNonNull(renew, "renew");
      Objects.requireNonNull(writes, "writes");
    }
  }

  /**
   * What built-in task types may reach.
   *
   * @param processAllow names or absolute paths of programs
   * @param httpAllow hosts or address ranges; empty switches the type off
   */
  public record Executors(List<String> processAllow, List<String> httpAllow) {

    public Executors {
      processAllow = List.copyOf(processAllow);
      httpAllow = List.copyOf(httpAllow);
    }
  }

  /** The log. */
  public record Log(LogFormat format, LogLevel level) {

    public Log {
      Objects.requireNonNull(format, "format");
      Objects.requireNonNull(level, "level");
    }
  }
}
