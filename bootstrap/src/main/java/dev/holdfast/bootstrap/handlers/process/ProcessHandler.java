package dev.holdfast.bootstrap.handlers.process;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.bootstrap.handlers.Results;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code process}: runs one of the programs that the operator allows, never through a shell. */
public final class ProcessHandler implements Handler {

  /** The error type of a program that is not allowed; never retried. */
  public static final String NOT_ALLOWED = "not_allowed";

  /** The error type of another exit code than 0. */
  public static final String EXIT_CODE = "exit_code";

  /** The error type of a program that could not be started. */
  public static final String NOT_STARTED = "not_started";

  /** How many bytes of each output stream are kept. */
  static final int MAX_OUTPUT = 256 * 1024;

  private static final int MAX_SHOWN = 2000;
  private static final List<String> INHERITED = List.of("PATH", "LANG", "TMPDIR");

  private final JsonMapper mapper;
  private final Programs programs;
  private final Map<String, String> environment;

  /** Runs these programs, in an environment of PATH, LANG and TMPDIR of this one. */
  public ProcessHandler(JsonMapper mapper, Programs programs, Map<String, String> environment) {
    this.mapper = mapper;
    this.programs = programs;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Json handle(TaskContext context) throws InterruptedException {
    Command command = Command.of(mapper, context.payload());
    Path program = programs.find(command.words().get(0)).orElseThrow(() -> notAllowed(command));
    String input = switch (command.input()) {
      case Command.Input.Text text -> text.text();
      case Command.Input.OfDependencies all ->
        Results.of(mapper, context.upstream()).text();
    };
    try (var running = new RunningProcess(start(command, program), input, MAX_OUTPUT)) {
      int exitCode = running.await();
      if (exitCode != 0) {
        throw TaskFailure.of(EXIT_CODE, failure(command, exitCode, running));
      }
      return result(exitCode, running);
    }
  }

  private Process start(Command command, Path program) {
    var words = new ArrayList<>(command.words());
    words.set(0, program.toString());
    var builder = new ProcessBuilder(words);
    builder.environment().clear();
    INHERITED.stream()
        .filter(environment::containsKey)
        .forEach(name -> builder.environment().put(name, environment.get(name)));
    builder.environment().putAll(command.environment());
    if (command.directory() != null) {
      builder.directory(command.directory().toFile());
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw TaskFailure.of(NOT_STARTED, String.valueOf(e.getMessage()));
    }
  }

  /** With as much of the output as a result may have: escapes can make it several times larger. */
  private Json result(int exitCode, RunningProcess running) {
    Json json = document(exitCode, running, MAX_OUTPUT);
    for (int bound = MAX_OUTPUT / 2; json.sizeInBytes() > NewTask.MAX_PAYLOAD_BYTES; bound /= 2) {
      json = document(exitCode, running, bound);
    }
    return json;
  }

  private Json document(int exitCode, RunningProcess running, int bound) {
    var members = new LinkedHashMap<String, Object>();
    members.put("exitCode", exitCode);
    members.put("stdout", running.output().text(bound));
    members.put("stderr", running.errors().text(bound));
    return mapper.write(members);
  }

  private static String failure(Command command, int exitCode, RunningProcess running) {
    String errors = running.errors().end(MAX_SHOWN).strip();
    return command.words().get(0)
        + " ended with exit code " + exitCode
        + (errors.isEmpty() ? " and wrote nothing to stderr" : ": " + errors);
  }

  private static TaskFailure notAllowed(Command command) {
    String word = command.words().get(0);
    String message = "the program \"" + word + "\" is not among those that the operator allows"
        + " (HOLDFAST_PROCESS_ALLOW, --allow-process)";
    return TaskFailure.fatal(NOT_ALLOWED, message);
  }
}
