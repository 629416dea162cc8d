package dev.holdfast.bootstrap.handlers.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.bootstrap.handlers.FakeContext;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessHandlerTest {

  private static final JsonMapper MAPPER = new JacksonJsonMapper();
  private static final String PATH = "/usr/bin:/bin";

  @TempDir
  private Path folder;

  @Test
  void handle_answers_what_the_program_wrote() throws Exception {
    Path script = script("echo out \"$1\"; echo err >&2");

    Map<?, ?> result = run(script, "\"a b; $(c)\"", "");

    assertThat(result)
        .isEqualTo(Map.of("exitCode", 0, "stdout", "out a b; $(c)\n", "stderr", "err\n"));
  }

  @Test
  void handle_feeds_a_text_and_the_results_of_dependencies() throws Exception {
    Path cat = script("cat");

    assertThat(run(cat, null, ",\"stdin\":\"hä\"").get("stdout")).isEqualTo("hä");
    Upstream upstream =
        new Upstream(new TaskId(new UUID(0, 1)), "a", true, TaskState.COMPLETED, new Json("[1.0]"));
    FakeContext context = context(cat, null, ",\"stdin\":{\"results\":true}").after(upstream);
    assertThat(run(cat, context).get("stdout")).isEqualTo("{\"results\":{\"a\":[1.0]}}");
  }

  @Test
  void handle_gives_only_the_named_environment() throws Exception {
    Path script = script("/usr/bin/env | sort | grep -v -e '^_=' -e '^PWD=' -e '^SHLVL='");
    String more = ",\"environment\":{\"MINE\":\"x=y\"},\"directory\":\"" + folder + "\"";
    var environment = Map.of("PATH", PATH, "LANG", "C", "HOLDFAST_POSTGRES_PASSWORD", "secret");

    Json result = new ProcessHandler(MAPPER, allow(script.toString()), environment)
        .handle(context(script, null, more));

    assertThat(members(result).get("stdout")).isEqualTo("LANG=C\nMINE=x=y\nPATH=" + PATH + "\n");
  }

  @Test
  void handle_fails_with_the_exit_code_and_the_end_of_stderr() throws IOException {
    Path script = script("echo 'it broke' >&2; exit 3");

    assertThatExceptionOfType(TaskFailure.class)
        .isThrownBy(() -> run(script, null, ""))
        .withMessage(script + " ended with exit code 3: it broke")
        .matches(failure -> failure.mayRetry() && failure.type().equals("exit_code"));
  }

  @Test
  void handle_says_so_when_nothing_was_written_to_stderr() throws IOException {
    Path script = script("exit 1");

    assertThatExceptionOfType(TaskFailure.class)
        .isThrownBy(() -> run(script, null, ""))
        .withMessageEndingWith("exit code 1 and wrote nothing to stderr");
  }

  @Test
  void handle_refuses_programs_that_are_not_allowed_for_good() throws IOException {
    Path script = script("true");

    assertThatExceptionOfType(TaskFailure.class)
        .isThrownBy(
            () -> new ProcessHandler(MAPPER, allow(), Map.of()).handle(context(script, null, "")))
        .withMessageContaining("is not among those that the operator allows")
        .matches(failure -> !failure.mayRetry() && failure.type().equals("not_allowed"));
  }

  @Test
  void handle_names_every_fault_of_its_payload() {
    String payload = "{\"command\":[],\"directory\":\"rel\",\"environment\":{\"a=b\":\"\"},"
        + "\"stdin\":{\"results\":false},\"shell\":true}";

    assertThatExceptionOfType(TaskFailure.class)
        .isThrownBy(
            () -> new ProcessHandler(MAPPER, allow(), Map.of()).handle(FakeContext.of(payload)))
        .matches(failure -> !failure.mayRetry() && failure.type().equals("invalid_payload"))
        .satisfies(failure -> assertThat(failure.getMessage())
            .contains(
                "/command must begin", "/directory must be", "/environment must", "/stdin must")
            .contains("/shell is no member"));
    assertThatExceptionOfType(TaskFailure.class)
        .isThrownBy(() -> new ProcessHandler(MAPPER, allow(), Map.of())
            .handle(FakeContext.of(
                "{\"command\":[\"a\\u0000\"],\"environment\":[],\"directory\":\"\\u0000\"}")))
        .withMessageContaining("/command must not contain U+0000")
        .withMessageContaining("/directory must be");
    assertThatExceptionOfType(TaskFailure.class)
        .isThrownBy(
            () -> new ProcessHandler(MAPPER, allow(), Map.of()).handle(FakeContext.of("{}")))
        .withMessageContaining("/command is required");
  }

  @Test
  void handle_keeps_a_bounded_part_of_the_output() throws Exception {
    Path script = script("printf begin; head -c 3000000 /dev/zero | tr '\\0' '\\001'; printf end");

    Json result = handler(script).handle(context(script, null, ""));

    assertThat(result.sizeInBytes()).isLessThanOrEqualTo(NewTask.MAX_PAYLOAD_BYTES);
    String stdout = (String) members(result).get("stdout");
    assertThat(stdout).startsWith("begin").endsWith("end").contains("bytes left out …]");
  }

  @Test
  void handle_fails_when_the_program_cannot_be_started() throws IOException {
    Path script = executable("#!/no/such/interpreter\n");

    assertThatExceptionOfType(TaskFailure.class)
        .isThrownBy(() -> run(script, null, ""))
        .matches(failure -> failure.mayRetry() && failure.type().equals("not_started"));
  }

  @Test
  void handle_kills_the_program_and_what_it_started_when_interrupted() throws Exception {
    Path pids = folder.resolve("pids");
    Path script =
        script("sleep 600 & echo $! >" + pids + ".new; mv " + pids + ".new " + pids + "; wait");
    var ended = new CompletableFuture<Throwable>();
    Thread thread = Thread.ofVirtual().start(() -> {
      try {
        run(script, null, "");
        ended.complete(null);
      } catch (Exception e) {
        ended.complete(e);
      }
    });
    Waiting.until(() -> Files.exists(pids));

    thread.interrupt();

    assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    long pid = Long.parseLong(Files.readString(pids).strip());
    Waiting.until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void handle_does_not_wait_for_a_descendant_that_keeps_the_output_open() throws Exception {
    Path script = script("sleep 20 & echo done");

    long began = System.nanoTime();
    assertThat(run(script, null, "").get("stdout")).isEqualTo("done\n");

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void programs_by_bare_name_are_resolved_once() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    Path tool = Files.copy(script("true"), second.resolve("tool"));
    executable(tool);
    Programs programs = Programs.resolve(List.of("tool"), first + ":" + second);

    executable(Files.copy(tool, first.resolve("tool")));

    assertThat(programs.find("tool")).contains(second.resolve("tool"));
    assertThat(programs.find(second.resolve("tool").toString())).contains(second.resolve("tool"));
    assertThat(programs.find(first.resolve("tool").toString())).isEmpty();
    assertThat(programs.find("other")).isEmpty();
    assertThat(programs.find("./tool")).isEmpty();
  }

  @Test
  void programs_are_compared_by_real_path_and_name() throws IOException {
    Path real = script("true");
    Path link = Files.createSymbolicLink(folder.resolve("applet"), real);
    Path alias = Files.createSymbolicLink(folder.resolve("evil"), real);
    Path same = Files.createSymbolicLink(
        Files.createDirectory(folder.resolve("d")).resolve("applet"), real);
    Programs programs = Programs.resolve(List.of(link.toString()), PATH);

    assertThat(programs.find(link.toString())).contains(link);
    assertThat(programs.find(real.toString())).contains(link);
    assertThat(programs.find(same.toString())).contains(link);
    assertThat(programs.find(alias.toString())).isEqualTo(Optional.empty());

    Path other = executable(Files.copy(real, folder.resolve("other")));
    Files.delete(link);
    Files.createSymbolicLink(link, other);
    assertThat(programs.find(link.toString())).isEmpty();
  }

  private Map<?, ?> run(Path script, String argument, String more) throws Exception {
    return run(script, context(script, argument, more));
  }

  private Map<?, ?> run(Path script, FakeContext context) throws Exception {
    return members(handler(script).handle(context));
  }

  private static ProcessHandler handler(Path script) {
    return new ProcessHandler(MAPPER, allow(script.toString()), Map.of("PATH", PATH));
  }

  private static Map<?, ?> members(Json json) {
    return MAPPER.read(json, Map.class);
  }

  private static Programs allow(String... entries) {
    return Programs.resolve(List.of(entries), PATH);
  }

  private static FakeContext context(Path script, String argument, String more) {
    String arguments = argument == null ? "" : "," + argument;
    return FakeContext.of("{\"command\":[\"" + script + "\"" + arguments + "]" + more + "}");
  }

  private Path script(String text) throws IOException {
    return executable("#!/bin/sh\n" + text + "\n");
  }

  private Path executable(String text) throws IOException {
    return executable(Files.writeString(Files.createTempFile(folder, "script", ".sh"), text));
  }

  private static Path executable(Path file) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"))
        .toRealPath();
  }
}
