package dev.holdfast.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.cli.CliRunner.Outcome;
import dev.holdfast.bootstrap.config.ConfigReader;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.handlers.process.Waiting;
import dev.holdfast.bootstrap.terminal.Terminal;
import dev.holdfast.bootstrap.wiring.RunningNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a server, against a real one. */
class ServerCommandsTest {

  @TempDir
  private static Path folder;

  private static RunningNode node;
  private static Map<String, String> environment;

  @BeforeAll
  static void start() {
    HoldfastConfig config = ConfigReader.read(
        Map.of(
            "duckdb.file", folder.resolve("s.duckdb").toString(),
            "http.port", "0",
            "http.executor.allow", "127.0.0.0/8",
            "node.id", "cli-test"),
        Map.of());
    node = RunningNode.serving(config, Map.of("PATH", "/usr/bin:/bin"));
    environment = Map.of("HOLDFAST_SERVER", "http://127.0.0.1:" + node.port() + "/");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void submit_gives_a_single_task_and_waits_for_its_end() {
    Outcome outcome = run(
        "submit",
        "--type",
        "echo",
        "--payload",
        "{\"n\":1.50}",
        "--priority",
        "1",
        "--wait",
        "--key",
        "single",
        "-o",
        "ndjson");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("\"state\":\"completed\"");
    Outcome conflict = run("submit", "--type", "echo", "--payload", "2", "--key", "single");
    assertThat(conflict.exitCode()).isEqualTo(4);
    assertThat(conflict.err()).contains("(409)");
  }

  @Test
  void submit_gives_a_file_and_reports_bad_ends() throws IOException {
    Path file = Files.writeString(folder.resolve("f.ndjson"), """
        {"ref":"ok","type":"echo"}
        {"ref":"bad","type":"fail","maxAttempts":1}
        """);

    Outcome outcome = run("submit", file.toString(), "--wait");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).contains("ok", "completed", "bad", "failed", "fail: failed as");
    Outcome stdin = new CliRunner(environment)
        .input("{\"tasks\":[{\"type\":\"echo\"}]}")
        .run("submit", "-", "-o", "json");
    assertThat(stdin.out()).startsWith("{\"tasks\":[");
  }

  @Test
  void submit_shows_every_fault_of_a_document() {
    Outcome outcome = new CliRunner(environment)
        .input("{\"tasks\":[{},{\"type\":\"a\",\"priority\":99}]}")
        .run("submit", "-");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("(400)", "/tasks/0/type", "/tasks/1/priority");
  }

  @Test
  void tasks_are_listed_shown_and_explained() {
    String id = submit("--type", "nobody-runs-this", "--queue", "listed", "--delay", "PT1H");

    Outcome list = new CliRunner(environment)
        .on(new Terminal(true, false, true, 80))
        .run("tasks", "list", "--queue", "listed");
    assertThat(list.out()).contains("ID", id, "\u001b[90mscheduled\u001b[0m", "0/3");
    assertThat(run("tasks", "list", "--queue", "listed", "-o", "ndjson").out()).hasLineCount(1);
    assertThat(run("tasks", "list", "--queue", "listed", "-o", "json").out()).contains("\"items\"");
    assertThat(run("tasks", "show", id, "--events").out())
        .contains("state", "scheduled", "created");
    assertThat(run("tasks", "show", id, "--events", "-o", "json").out()).contains("\"items\"");
    assertThat(run("tasks", "show", id, "--events", "-o", "ndjson").out()).hasLineCount(3);
    assertThat(run("tasks", "why", id).out()).contains("waits for time", "cli-test", "no handler");
    assertThat(run("tasks", "why", id, "-o", "json").out()).contains("\"waitingFor\"");
  }

  @Test
  void long_lists_say_how_to_go_on() {
    submit("--type", "later", "--queue", "paged", "--delay", "PT1H");
    submit("--type", "later", "--queue", "paged", "--delay", "PT1H");

    Outcome page = run("tasks", "list", "--queue", "paged", "--limit", "1");

    assertThat(page.err()).contains("more with --cursor ");
    String cursor = page.err().strip().replaceAll(".* ", "");
    assertThat(run("tasks", "list", "--queue", "paged", "--limit", "1", "--cursor", cursor)
            .out())
        .hasLineCount(2)
        .isNotEqualTo(page.out());
  }

  @Test
  void tasks_are_cancelled_and_started_anew() {
    String id = submit("--type", "echo", "--delay", "PT1H");

    assertThat(run("tasks", "cancel", id, "--reason", "test").out()).contains("cancelled");
    assertThat(run("tasks", "cancel", id, "-o", "json").out()).contains("\"cancelled\"");
    assertThat(run("tasks", "retry", id).out()).contains("started anew: scheduled");
    assertThat(run("tasks", "cancel", id, "--force").out()).contains("cancelled");
    assertThat(run("tasks", "retry", id, "-o", "json").out()).contains("\"scheduled\"");
  }

  @Test
  void tasks_that_have_completed_stay_so() {
    String id = submit("--type", "echo");
    assertThat(run("tasks", "show", id, "--wait", "30").out()).contains("completed");

    Outcome late = run("tasks", "cancel", id);
    assertThat(late.exitCode()).isEqualTo(4);
    assertThat(late.err()).contains("completed");
    assertThat(run("tasks", "retry", id, "-o", "json").exitCode()).isEqualTo(4);
  }

  @Test
  void a_running_task_is_asked_to_stop() throws Exception {
    String id = submit("--type", "sleep", "--payload", "{\"millis\":60000}");
    Waiting.until(
        () -> run("tasks", "show", id).out().matches("(?s).*\\bstate +(claimed|running).*"));

    assertThat(run("tasks", "cancel", id).exitCode()).isZero();
    assertThat(run("tasks", "show", id, "--wait", "30").out()).contains("cancelled");
  }

  @Test
  void what_is_not_there_is_not_found() {
    Outcome outcome = run("tasks", "show", "00000000-0000-7000-8000-000000000000");

    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.err()).contains("(404)").doesNotContain("\tat ");
  }

  @Test
  void events_are_printed_until_nothing_more_comes() {
    String id = submit("--type", "echo", "--wait");

    Outcome events = run("events", "--task", id);
    assertThat(events.exitCode()).isZero();
    assertThat(events.out())
        .contains("created", "assigned", "started", "completed")
        .hasLineCount(4);
    assertThat(
            run("events", "--task", id, "--type", "completed", "-o", "ndjson").out())
        .contains("\"version\":4")
        .hasLineCount(1);
  }

  @Test
  void events_are_followed_and_a_bad_position_is_refused() throws Exception {
    assertThat(run("events", "--follow", "--after", "nonsense").exitCode()).isEqualTo(2);

    var out = new java.io.StringWriter();
    var context = new dev.holdfast.bootstrap.cli.base.CliContext(
        environment,
        java.io.InputStream.nullInputStream(),
        new java.io.PrintWriter(out),
        new java.io.PrintWriter(new java.io.StringWriter()),
        Terminal.NONE);
    var ended = new CompletableFuture<Integer>();
    Thread follower = Thread.ofPlatform()
        .start(() -> ended.complete(Cli.run(context, "events", "--follow", "--from", "start")));
    String id = submit("--type", "echo");
    Waiting.until(() -> out.toString().contains(id));

    follower.interrupt();

    assertThat(ended.get()).isNotNull();
  }

  @Test
  void a_task_calls_what_is_allowed() {
    String url = "http://127.0.0.1:" + node.port() + "/livez";

    Outcome outcome =
        run("submit", "--type", "http", "--payload", "{\"url\":\"" + url + "\"}", "--wait");

    assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
  }

  @Test
  void no_server_is_said_so() {
    Outcome outcome =
        new CliRunner(Map.of()).run("tasks", "list", "--server", "http://127.0.0.1:1");

    assertThat(outcome.exitCode()).isEqualTo(5);
    assertThat(outcome.err())
        .contains("no answer from http://127.0.0.1:1")
        .contains("holdfast serve");
  }

  private static String submit(String... args) {
    String[] all = java.util.stream.Stream.concat(
            java.util.stream.Stream.of("submit", "-o", "ndjson"), java.util.Arrays.stream(args))
        .toArray(String[]::new);
    Outcome outcome = run(all);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome.out().replaceFirst("(?s).*?\"id\":\"([^\"]*)\".*", "$1");
  }

  private static Outcome run(String... args) {
    return new CliRunner(environment).run(args);
  }
}
