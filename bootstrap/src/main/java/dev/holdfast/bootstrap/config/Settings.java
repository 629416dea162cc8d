package dev.holdfast.bootstrap.config;

import static dev.holdfast.bootstrap.config.SettingTypes.age;
import static dev.holdfast.bootstrap.config.SettingTypes.duration;
import static dev.holdfast.bootstrap.config.SettingTypes.integer;
import static dev.holdfast.bootstrap.config.SettingTypes.oneOf;

import dev.holdfast.application.cluster.Role;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.engine.Retention;
import dev.holdfast.bootstrap.config.HoldfastConfig.ApiWrites;
import dev.holdfast.bootstrap.config.HoldfastConfig.LogFormat;
import dev.holdfast.bootstrap.config.HoldfastConfig.LogLevel;
import dev.holdfast.bootstrap.config.HoldfastConfig.StorageKind;
import dev.holdfast.bootstrap.config.Setting.Section;
import dev.holdfast.domain.value.NodeId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The table of settings, in the order in which the reference shows them. */
public final class Settings {

  private static final List<Setting<?>> TABLE = new ArrayList<>();

  /** Variables that are read elsewhere and therefore known. */
  static final Map<String, String> ELSEWHERE = Map.of(
      "HOLDFAST_SERVER", "the base URL that the commands which speak HTTP use",
      "HOLDFAST_JAVA_OPTS", "more options for the JVM, read by the launcher");

  private static final Duration INSTANT = Duration.ofMillis(1);
  private static final Duration SHORTEST = Duration.ofMillis(50);

  public static final Setting<StorageKind> STORAGE = row(
      "storage",
      oneOf(StorageKind.class),
      "duckdb",
      Section.STORAGE,
      "Where tasks are kept: in a file beside the process, or in a PostgreSQL database.");

  public static final Setting<Path> DUCKDB_FILE = row(
      "duckdb.file",
      SettingTypes.PATH,
      "holdfast-data/holdfast.duckdb",
      Section.STORAGE,
      "The file of the DuckDB storage; it and its folder are made when they are missing.");

  public static final Setting<Integer> DUCKDB_MEMORY = row(
      "duckdb.memory",
      SettingTypes.MEGABYTES,
      "512MB",
      Section.STORAGE,
      "How much memory DuckDB may use, beside the heap of the JVM.");

  public static final Setting<String> POSTGRES_URL = row(
      "postgres.url",
      SettingTypes.JDBC_URL,
      "",
      Section.STORAGE,
      "The JDBC URL of the database; required with PostgreSQL.");

  public static final Setting<String> POSTGRES_USER =
      row("postgres.user", SettingTypes.TEXT, "holdfast", Section.STORAGE, "Who logs in.");

  public static final Setting<String> POSTGRES_PASSWORD = row(
      "postgres.password",
      SettingTypes.TEXT,
      "",
      Section.STORAGE,
      "The password; better not given as a flag, which other users of the machine can see.");

  public static final Setting<String> POSTGRES_SCHEMA = row(
      "postgres.schema",
      SettingTypes.SCHEMA,
      "holdfast",
      Section.STORAGE,
      "The schema of the tables; made when it is missing.");

  public static final Setting<Integer> POSTGRES_POOL = row(
      "postgres.pool",
      integer(2, 1000),
      "10",
      Section.STORAGE,
      "How many connections the pool holds at most.");

  public static final Setting<Duration> RETENTION_AGE = row(
      "retention.age",
      age(Retention.SHORTEST),
      "",
      Section.STORAGE,
      "How long ago a task ended before it is removed with its events; kept for ever when unset.");

  public static final Setting<String> HTTP_HOST = row(
      "http.host",
      SettingTypes.TEXT,
      "127.0.0.1",
      Section.HTTP,
      "The address to listen at; one that is not loopback needs `HOLDFAST_HTTP_INSECURE`.");

  public static final Setting<Integer> HTTP_PORT = row(
      "http.port",
      integer(0, 65_535),
      "8080",
      Section.HTTP,
      "The port to listen at; 0 takes any free one, and the log says which.");

  public static final Setting<List<String>> HTTP_ALLOWED_HOSTS = row(
      "http.allowed.hosts",
      SettingTypes.LIST,
      "",
      Section.HTTP,
      "Names, beside loopback ones, that the `Host` of a request may have.");

  public static final Setting<Boolean> HTTP_INSECURE = row(
      "http.insecure",
      SettingTypes.SWITCH,
      "false",
      Section.HTTP,
      "Whether to serve, without any authentication, on an address that is not loopback.");

  public static final Setting<URI> ADVERTISED_URL = row(
      "advertised.url",
      SettingTypes.BASE_URL,
      "",
      Section.HTTP,
      "The base URL under which others reach this node; `http://host:port` when unset.");

  public static final Setting<NodeId> NODE_ID = row(
      "node.id",
      SettingTypes.NODE,
      "",
      Section.NODE,
      "Who this node is, the same after a restart. When unset: the name of the host, in a"
          + " cluster with something random behind it.");

  public static final Setting<Map<String, String>> NODE_LABELS = row(
      "node.labels",
      SettingTypes.LABELS,
      "",
      Section.NODE,
      "What the node offers to tasks that ask for labels.");

  public static final Setting<Integer> WORKER_SLOTS = row(
      "worker.slots",
      integer(0, EngineSettings.MAX_SLOTS),
      "32",
      Section.NODE,
      "How many tasks run at once; 0 runs none.");

  public static final Setting<Duration> HEARTBEAT_INTERVAL = row(
      "heartbeat.interval",
      duration(SHORTEST),
      "PT1S",
      Section.NODE,
      "How often the node says that it lives.");

  public static final Setting<Duration> NODE_STALE_AFTER = row(
      "node.stale.after",
      duration(SHORTEST),
      "PT3S",
      Section.NODE,
      "How long the node may be silent before others count on it no more; longer than the"
          + " heartbeat. Three heartbeats when unset without a cluster.");

  public static final Setting<Duration> NODE_DEAD_AFTER = row(
      "node.dead.after",
      duration(SHORTEST),
      "PT10S",
      Section.NODE,
      "How long the node may be silent before its tasks are given to others; longer than stale."
          + " Ten heartbeats when unset without a cluster.");

  public static final Setting<Duration> POLL_MAX = row(
      "poll.max",
      duration(INSTANT),
      "PT1S",
      Section.NODE,
      "The longest pause between two looks for work.");

  public static final Setting<Duration> STOP_GRACE = row(
      "stop.grace",
      duration(Duration.ZERO),
      "PT20S",
      Section.NODE,
      "How long running tasks may go on after a stop was asked.");

  public static final Setting<Boolean> CLUSTER_ENABLED = row(
      "cluster.enabled",
      SettingTypes.SWITCH,
      "false",
      Section.CLUSTER,
      "Whether several nodes share the storage, which has to be PostgreSQL.");

  public static final Setting<Role> NODE_ROLE = row(
      "node.role",
      oneOf(Role.class),
      "auto",
      Section.CLUSTER,
      "What the node may be: `auto` works and leads when it wins, `leader` must win at its start or"
          + " does not start, `worker` never leads, `observer` reads only.");

  public static final Setting<Duration> LEADER_LEASE = row(
      "leader.lease",
      duration(Duration.ofMillis(200)),
      "PT5S",
      Section.CLUSTER,
      "How long a lead lasts unless it is renewed.");

  public static final Setting<Duration> LEADER_RENEW = row(
      "leader.renew",
      duration(SHORTEST),
      "PT1S",
      Section.CLUSTER,
      "How often the lead is renewed, and tried for by others; less than half of the lease.");

  public static final Setting<ApiWrites> API_WRITES = row(
      "api.writes",
      oneOf(ApiWrites.class),
      "leader",
      Section.CLUSTER,
      "Which nodes take writes over HTTP: the leader alone, or any but observers.");

  public static final Setting<List<String>> PROCESS_ALLOW = row(
      "process.allow",
      SettingTypes.LIST,
      "",
      Section.EXECUTORS,
      "Programs that `process` tasks may run: bare names, looked up on the PATH once at start, or"
          + " absolute paths. None when unset.");

  public static final Setting<List<String>> HTTP_EXECUTOR_ALLOW = row(
      "http.executor.allow",
      SettingTypes.LIST,
      "",
      Section.EXECUTORS,
      "Hosts or address ranges that `http` tasks may call. When unset there is no such type.");

  public static final Setting<LogFormat> LOG_FORMAT = row(
      "log.format",
      oneOf(LogFormat.class),
      "text",
      Section.LOG,
      "How a log line looks; the log goes to standard error.");

  public static final Setting<LogLevel> LOG_LEVEL = row(
      "log.level", oneOf(LogLevel.class), "info", Section.LOG, "The least level that is logged.");

  public static final Setting<Path> CONFIG = row(
      "config",
      SettingTypes.PATH,
      "",
      Section.GENERAL,
      "A properties file with settings by their keys, in UTF-8.");

  private Settings() {}

  /** Every setting. */
  public static List<Setting<?>> all() {
    return Collections.unmodifiableList(TABLE);
  }

  /** The settings of some sections. */
  public static List<Setting<?>> of(Section... sections) {
    List<Section> wanted = Arrays.asList(sections);
    return TABLE.stream().filter(setting -> wanted.contains(setting.section())).toList();
  }

  private static <T> Setting<T> row(
      String key, SettingType<T> type, String fallback, Section section, String doc) {
    var setting = new Setting<>(key, type, fallback, section, doc);
    TABLE.add(setting);
    return setting;
  }
}
