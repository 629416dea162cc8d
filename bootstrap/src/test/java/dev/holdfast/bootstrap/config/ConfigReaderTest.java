package dev.holdfast.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.cluster.Role;
import dev.holdfast.application.engine.Retention;
import dev.holdfast.bootstrap.config.HoldfastConfig.ApiWrites;
import dev.holdfast.bootstrap.config.HoldfastConfig.Cluster;
import dev.holdfast.bootstrap.config.HoldfastConfig.Executors;
import dev.holdfast.bootstrap.config.HoldfastConfig.Http;
import dev.holdfast.bootstrap.config.HoldfastConfig.Log;
import dev.holdfast.bootstrap.config.HoldfastConfig.LogFormat;
import dev.holdfast.bootstrap.config.HoldfastConfig.LogLevel;
import dev.holdfast.bootstrap.config.HoldfastConfig.Node;
import dev.holdfast.bootstrap.config.HoldfastConfig.StorageConfig;
import dev.holdfast.domain.value.NodeId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

  /** A value for every setting that is not its default, and fits the others. */
  private static final Map<String, String> OTHERS = new LinkedHashMap<>(Map.ofEntries(
      Map.entry("storage", "postgres"),
      Map.entry("postgres.url", "jdbc:postgresql://db/tasks"),
      Map.entry("postgres.user", "me"),
      Map.entry("postgres.password", " secret "),
      Map.entry("postgres.schema", "mine"),
      Map.entry("postgres.pool", "7"),
      Map.entry("retention.age", "30d"),
      Map.entry("http.host", "0.0.0.0"),
      Map.entry("http.port", "9"),
      Map.entry("http.allowed.hosts", "a.example, b.example"),
      Map.entry("http.insecure", "true"),
      Map.entry("advertised.url", "https://n.example:1"),
      Map.entry("node.id", "n1"),
      Map.entry("node.labels", "gpu=true,zone=a"),
      Map.entry("worker.slots", "3"),
      Map.entry("heartbeat.interval", "PT2S"),
      Map.entry("node.stale.after", "5s"),
      Map.entry("node.dead.after", "1m"),
      Map.entry("cluster.enabled", "true"),
      Map.entry("node.role", "worker"),
      Map.entry("leader.lease", "PT8S"),
      Map.entry("leader.renew", "900ms"),
      Map.entry("api.writes", "any"),
      Map.entry("poll.max", "50ms"),
      Map.entry("stop.grace", "5m"),
      Map.entry("process.allow", "sh"),
      Map.entry("http.executor.allow", "api.example"),
      Map.entry("log.format", "json"),
      Map.entry("log.level", "debug")));

  private static final HoldfastConfig EXPECTED = new HoldfastConfig(
      new StorageConfig.Postgres("jdbc:postgresql://db/tasks", "me", " secret ", "mine", 7),
      new Retention(Duration.ofDays(30)),
      new Http(
          "0.0.0.0", 9, List.of("a.example", "b.example"), true, URI.create("https://n.example:1")),
      new Node(
          new NodeId("n1"),
          Map.of("gpu", "true", "zone", "a"),
          3,
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMillis(50),
          Duration.ofMinutes(5)),
      new Cluster(true, Role.WORKER, Duration.ofSeconds(8), Duration.ofMillis(900), ApiWrites.ANY),
      new Executors(List.of("sh"), List.of("api.example")),
      new Log(LogFormat.JSON, LogLevel.DEBUG));

  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

  @TempDir
  private Path folder;

  @Test
  void read_answers_the_defaults_when_nothing_is_set() {
    HoldfastConfig config = ConfigReader.read(Map.of(), Map.of("HOSTNAME", "box"));

    assertThat(config)
        .isEqualTo(new HoldfastConfig(
            new StorageConfig.DuckDb(Path.of("holdfast-data/holdfast.duckdb"), 512),
            null,
            new Http("127.0.0.1", 8080, List.of(), false, null),
            new Node(
                new NodeId("box"),
                Map.of(),
                32,
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20)),
            new Cluster(
                false, Role.AUTO, Duration.ofSeconds(5), Duration.ofSeconds(1), ApiWrites.LEADER),
            new Executors(List.of(), List.of()),
            new Log(LogFormat.TEXT, LogLevel.INFO)));
  }

  @Test
  void read_maps_every_setting_from_flags() {
    assertThat(ConfigReader.read(OTHERS, PATH)).isEqualTo(EXPECTED);
  }

  @Test
  void read_maps_every_setting_from_the_environment() {
    assertThat(ConfigReader.read(Map.of(), environment(OTHERS))).isEqualTo(EXPECTED);
  }

  @Test
  void read_maps_every_setting_from_a_file() throws IOException {
    Map<String, String> escaped = new HashMap<>(OTHERS);
    escaped.put("postgres.password", "\\u0020secret\\u0020");
    Path file = file(escaped);

    assertThat(ConfigReader.read(Map.of("config", file.toString()), PATH)).isEqualTo(EXPECTED);
  }

  @Test
  void the_mapping_tests_leave_no_setting_out() {
    assertThat(Settings.all().stream().map(Setting::key))
        .containsExactlyInAnyOrderElementsOf(
            List.of(OTHERS.keySet(), List.of("duckdb.file", "duckdb.memory", "config")).stream()
                .flatMap(java.util.Collection::stream)
                .toList());
  }

  @Test
  void read_maps_the_file_of_the_embedded_storage() {
    var environment =
        Map.of("HOLDFAST_DUCKDB_FILE", "/x/y.duckdb", "HOLDFAST_DUCKDB_MEMORY", "2GB");

    assertThat(ConfigReader.read(Map.of(), environment).storage())
        .isEqualTo(new StorageConfig.DuckDb(Path.of("/x/y.duckdb"), 2048));
  }

  @Test
  void a_flag_wins_over_a_variable_and_a_variable_over_a_file() throws IOException {
    Path file = file(Map.of("http.port", "1", "worker.slots", "1", "postgres.pool", "1"));
    var environment = Map.of(
        "HOLDFAST_CONFIG", file.toString(),
        "HOLDFAST_HTTP_PORT", "2",
        "HOLDFAST_WORKER_SLOTS", "2");

    assertThatThrownBy(() -> ConfigReader.read(Map.of(), environment))
        .hasMessageContaining("postgres.pool in " + file);
    HoldfastConfig config =
        ConfigReader.read(Map.of("http.port", "3", "postgres.pool", "5"), environment);

    assertThat(config.http().port()).isEqualTo(3);
    assertThat(config.node().slots()).isEqualTo(2);
  }

  @Test
  void an_empty_variable_counts_as_unset() {
    var environment = Map.of("HOLDFAST_HTTP_PORT", "", "HOLDFAST_STORAGE", "  ");

    assertThat(ConfigReader.read(Map.of(), environment).http().port()).isEqualTo(8080);
  }

  @Test
  void read_takes_the_defaults_of_a_command_before_those_of_the_table() {
    HoldfastConfig config = ConfigReader.read(Map.of(), Map.of(), Map.of("log.level", "warn"));

    assertThat(config.log().level()).isEqualTo(LogLevel.WARN);
  }

  @Test
  void read_reports_every_problem_at_once() {
    var flags = Map.of("http.port", "99999", "worker.slots", "+3");
    var environment = Map.of(
        "HOLDFAST_STORAGE", "Oracle",
        "HOLDFAST_STOP_GRACE", "P1Y",
        "HOLDFAST_NODE_LABELS", "gpu",
        "HOLDFAST_PROCESS_ALLOW", "no-such-program,relative/path",
        "HOLDFAST_HTTP_HOST", "0.0.0.0",
        "HOLDFAST_HTTP_PRT", "1",
        "HOLDFAST_QUITE_ANOTHER", "1");

    List<String> problems = problems(flags, environment);

    assertThat(problems)
        .containsExactlyInAnyOrder(
            "--http-port: \"99999\" does not fit; allowed is a whole number from 0 to 65535",
            "--worker-slots: \"+3\" does not fit; allowed is a whole number from 0 to 100000",
            "HOLDFAST_STORAGE: \"Oracle\" does not fit; allowed is one of duckdb, postgres",
            "HOLDFAST_STOP_GRACE: \"P1Y\" does not fit; allowed is a duration from PT0S to PT24H,"
                + " such as PT1.5S, 500ms or 5m",
            "HOLDFAST_NODE_LABELS: \"gpu\" does not fit; allowed is key=value pairs with commas"
                + " between, such as gpu=true,zone=a; at most 50, each key once, keys and values"
                + " of 1 to 100 characters",
            "HOLDFAST_PROCESS_ALLOW: \"no-such-program\" is no program on the PATH",
            "HOLDFAST_PROCESS_ALLOW: \"relative/path\" is no executable file; allowed are bare"
                + " names and absolute paths",
            "HOLDFAST_HTTP_HOST: \"0.0.0.0\" is not a loopback address, and whoever reaches it"
                + " may do everything; allowed with HOLDFAST_HTTP_INSECURE=true only",
            "HOLDFAST_HTTP_PRT: is no variable that Holdfast knows;"
                + " did you mean HOLDFAST_HTTP_PORT?",
            "HOLDFAST_QUITE_ANOTHER: is no variable that Holdfast knows");
  }

  private static List<String> problems(Map<String, String> flags, Map<String, String> environment) {
    try {
      ConfigReader.read(flags, environment);
      return List.of();
    } catch (ConfigInvalid e) {
      return e.problems().stream().map(ConfigProblem::toString).toList();
    }
  }

  @Test
  void read_never_shows_a_secret() {
    var environment = Map.of(
        "HOLDFAST_POSTGRES_URL", "postgres://me:hunter2@db/x?password=hunter3&a=b",
        "HOLDFAST_POSTGRES_SCHEMA", "Bad Schema");

    assertThatThrownBy(() -> ConfigReader.read(Map.of(), environment))
        .hasMessageContaining("HOLDFAST_POSTGRES_URL")
        .hasMessageContaining("HOLDFAST_POSTGRES_SCHEMA")
        .hasMessageNotContaining("hunter");
    assertThat(EXPECTED.toString()).doesNotContain("secret");
  }

  @Test
  void read_reports_unknown_keys_of_a_file() throws IOException {
    Path file = file(Map.of("htp.port", "1", "config", "x"));

    assertThatThrownBy(() -> ConfigReader.read(Map.of("config", file.toString()), Map.of()))
        .hasMessageContaining(
            "htp.port in " + file + ": is no key of a setting; did you mean http.port?")
        .hasMessageContaining("config in " + file + ": is no key of a setting");
  }

  @Test
  void read_reports_a_file_that_is_not_there() {
    String missing = folder.resolve("none").toString();

    assertThatThrownBy(() -> ConfigReader.read(Map.of("config", missing), Map.of()))
        .hasMessageContaining(missing + ": cannot be read: there is no such file");
  }

  @Test
  void read_reports_a_file_that_is_no_properties_file() throws IOException {
    Path file = Files.writeString(folder.resolve("bad"), "a=\\u00zz");

    assertThatThrownBy(() -> ConfigReader.read(Map.of("config", file.toString()), Map.of()))
        .hasMessageContaining(file + ": cannot be read");
  }

  @Test
  void postgres_needs_a_url() {
    assertThatThrownBy(() -> ConfigReader.read(Map.of("storage", "postgres"), Map.of()))
        .hasMessageContaining("HOLDFAST_POSTGRES_URL: is required when the storage is postgres");
  }

  @Test
  void the_address_of_a_node_follows_from_host_and_port() {
    assertThat(new Http("::1", 80, List.of(), false, null).address()).isEqualTo("http://[::1]:80");
    assertThat(new Http("127.0.0.1", 0, List.of(), false, null).address()).isEmpty();
    assertThat(EXPECTED.http().address()).isEqualTo("https://n.example:1");
  }

  @Test
  void a_host_without_a_usable_name_is_called_local() {
    var environment = Map.of("HOSTNAME", "x".repeat(200));

    assertThat(ConfigReader.read(Map.of(), environment).node().id()).isEqualTo(new NodeId("local"));
  }

  private Path file(Map<String, String> values) throws IOException {
    String text = values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining("\n"));
    return Files.writeString(folder.resolve("holdfast.properties"), text);
  }

  private static Map<String, String> environment(Map<String, String> values) {
    Map<String, Setting<?>> settings =
        Settings.all().stream().collect(Collectors.toMap(Setting::key, Function.identity()));
    var environment = new HashMap<>(PATH);
    values.forEach((key, value) -> environment.put(settings.get(key).variable(), value));
    return environment;
  }
}
