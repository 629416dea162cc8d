package dev.holdfast.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.Repository;
import dev.holdfast.bootstrap.cli.CliRunner.Outcome;
import dev.holdfast.bootstrap.config.Setting.Section;
import dev.holdfast.bootstrap.config.Settings;
import dev.holdfast.domain.value.Json;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no server: help, usage errors, version, migrations, runs of files. */
class CliTest {

  @TempDir
  private Path folder;

  @Test
  void help_names_every_command_but_hidden_ones() {
    Outcome help = run("--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains("serve", "run", "submit", "tasks", "events", "nodes", "leader", "demo")
        .contains("migrate", "version", "Exit codes")
        .doesNotContain("warmup");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "run",
        "submit",
        "tasks",
        "tasks list",
        "tasks show",
        "tasks cancel",
        "tasks retry",
        "tasks why",
        "events",
        "nodes",
        "leader",
        "demo",
        "demo cluster",
        "migrate",
        "migrate up",
        "migrate down",
        "migrate status",
        "migrate print",
        "version"
      })
  void every_command_explains_itself_and_is_documented(String command) throws IOException {
    Outcome help = run((command + " --help").split(" ", -1));

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: holdfast " + command);
    assertThat(Files.readString(Repository.ROOT.resolve("docs/cli.md")))
        .contains(command.replaceFirst(" .*", ""));
  }

  @Test
  void help_of_serve_shows_every_setting() {
    String help = run("serve", "--help").out();

    assertThat(Settings.all()).allSatisfy(setting -> assertThat(help).contains(setting.flag()));
    assertThat(help).contains(Section.EXECUTORS.title() + ":");
  }

  @Test
  void usage_errors_are_short_and_give_code_2() {
    assertThat(run().err()).contains("a command is missing").contains("see holdfast --help");
    assertThat(run("tasks").err()).contains("a command is missing after \"tasks\"");
    assertThat(run("migrate").err()).contains("up, down, status or print");
    assertThat(run("demo").err()).contains("a command is missing after \"demo\": cluster");
    assertThat(run("demo", "cluster", "--nodes=1").err()).contains("--nodes must be 2 to 9, got 1");
    assertThat(run("demo", "cluster", "--rate=4").exitCode()).isEqualTo(2);
    Outcome unknown = run("serv");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("serv").contains("Did you mean");
    Outcome option = run("serve", "--http-prt", "1");
    assertThat(option.exitCode()).isEqualTo(2);
    assertThat(option.err()).contains("--http-prt").doesNotContain("\tat ");
    assertThat(run("submit").err()).contains("give either a file or --type");
    assertThat(run("submit", "--type", "a", "--payload", "{").err()).contains("is not JSON");
    assertThat(run("tasks", "list", "--server", "nonsense").err()).contains("is no base URL");
  }

  @Test
  void problems_of_the_configuration_are_listed() {
    Outcome outcome = new CliRunner(Map.of("HOLDFAST_HTTP_PORT", "x", "HOLDFAST_X", "y"))
        .run("serve", "--worker-slots", "-1");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("has 3 problems").hasLineCount(4);
  }

  @Test
  void version_answers_in_every_format() {
    assertThat(run("version").out()).startsWith("holdfast ").contains("Java ");
    assertThat(run("--version").out()).startsWith("holdfast ");
    String json = run("version", "-o", "json").out();
    Map<?, ?> members = new JacksonJsonMapper().read(new Json(json), Map.class);
    assertThat(members.keySet().toString()).isEqualTo("[holdfast, java]");
  }

  @Test
  void migrate_moves_the_schema_up_and_down() {
    String file = "--duckdb-file=" + folder.resolve("new/a.duckdb");

    assertThat(run("migrate", "status", file).out()).contains("VERSION").contains("no");
    assertThat(run("migrate", "print", file).out()).containsIgnoringCase("create table");
    assertThat(run("migrate", "up", file).out()).contains("yes").doesNotContain("  no  ");
    assertThat(run("migrate", "status", file, "-o", "ndjson").out())
        .contains("\"version\":1")
        .contains("\"applied\":true");
    assertThat(run("migrate", "down", file, "--steps", "99").exitCode()).isEqualTo(2);
    assertThat(run("migrate", "down", file, "--steps", "1", "-o", "json").out())
        .contains("\"applied\":false");
  }

  @Test
  void run_says_what_happened() throws IOException {
    Path graph = Files.writeString(folder.resolve("g.json"), """
        {"tasks":[
          {"ref":"a","type":"echo","payload":1},
          {"ref":"b","type":"fail","maxAttempts":1,"payload":{"message":"no\\u001b"}},
          {"ref":"c","type":"aggregate","dependsOn":[{"ref":"b"}]}]}
        """);
    String storage = "--duckdb-file=" + folder.resolve("r.duckdb");

    Outcome first = run("run", graph.toString(), storage);
    assertThat(first.exitCode()).isEqualTo(1);
    assertThat(first.out())
        .contains("1 completed, 1 failed, 1 cancelled")
        .contains("b (fail) failed after attempt 1: fail: no\\u001b")
        .contains("c (aggregate) cancelled after attempt 0: upstream_failed: b");
    assertThat(first.err()).contains("3 of 3 tasks ended, 2 badly");

    Outcome second = run("run", graph.toString(), storage, "-o", "json");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.out())
        .contains("\"completedBefore\":1", "\"replayed\":2", "\"states\":{\"completed\":1");

    Outcome fresh = run("run", "--fresh", graph.toString(), storage, "-o", "ndjson");
    assertThat(fresh.out()).hasLineCount(3).contains("\"ref\":\"a\"", "\"state\":\"completed\"");
    assertThat(run("run", graph.toString(), storage).out())
        .contains("1 of them had completed before");
  }

  @Test
  void run_reads_standard_input() {
    Outcome outcome = new CliRunner(Map.of("HOLDFAST_STORAGE", "postgres"))
        .input("{\"type\":\"echo\"}\n{\"type\":\"echo\"}\n")
        .run("run", "-", "--duckdb-file=" + folder.resolve("s.duckdb"));

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("2 completed");
  }

  @Test
  void run_refuses_what_cannot_run() throws IOException {
    String storage = "--duckdb-file=" + folder.resolve("t.duckdb");
    Path unknown = Files.writeString(folder.resolve("u.ndjson"), "{\"type\":\"resize\"}");

    Outcome missing = run("run", folder.resolve("none").toString(), storage);
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("there is no file");
    Outcome refused = run("run", unknown.toString(), storage);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("/tasks/0 no handler for type resize").contains("process");
    assertThat(run("run", "--allow-process", "no-such", unknown.toString(), storage)
            .err())
        .contains("\"no-such\" is no program on the PATH");
  }

  @Test
  void warmup_leaves_nothing_behind() {
    Outcome outcome = run("warmup");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  @Test
  void internal_errors_are_short_unless_debugging() throws IOException {
    Path folderAsFile = Files.createDirectory(folder.resolve("folder"));

    Outcome brief = run("run", folderAsFile.toString());
    assertThat(brief.exitCode()).isEqualTo(70);
    assertThat(brief.err()).contains("internal error").doesNotContain("\tat ");
    assertThat(run("--debug", "run", folderAsFile.toString()).err()).contains("\tat ");
  }

  private static Outcome run(String... args) {
    return new CliRunner(Map.of("PATH", "/usr/bin:/bin")).run(args);
  }
}
