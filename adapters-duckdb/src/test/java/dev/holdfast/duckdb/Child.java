package dev.holdfast.duckdb;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Another process that writes into a file and says what was acknowledged, until it is killed. */
final class Child implements AutoCloseable {

  /** What the process does. */
  enum Work {
    /** Submits, claims and completes, ten tasks at a time. */
    WRITE,
    /** The same, and closes and opens the file after each ten. */
    REOPEN
  }

  private final Process process;
  private final BufferedReader words;

  private Child(Process process) {
    this.process = process;
    words =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static Child start(Path file, Work work) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder command = new ProcessBuilder(
        java,
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-cp",
        path,
        Child.class.getName(),
        file.toString(),
        work.name());
    try {
      return new Child(command.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Waits for so many acknowledged tasks; fewer when the process has ended. */
  List<TaskId> acknowledged(int count) {
    List<TaskId> tasks = new ArrayList<>();
    try {
      for (String word; tasks.size() < count && (word = words.readLine()) != null; ) {
        if (word.startsWith("ack ")) {
          tasks.add(TaskId.parse(word.substring(4)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tasks;
  }

  /** Kills it (SIGKILL), and answers what else it had acknowledged. */
  List<TaskId> kill() {
    // Not by the process itself, which would throw away what it has said.
    process.toHandle().destroyForcibly();
    List<TaskId> rest = acknowledged(Integer.MAX_VALUE);
    try {
      process.waitFor(30, SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return rest;
  }

  @Override
  public void close() {
    kill();
  }

  /** The other process. */
  public static void main(String[] arguments) {
    DuckDbSettings settings = DuckDbSettings.of(Path.of(arguments[0]));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Work work = Work.valueOf(arguments[1]);
    // The ids of one process must differ from those of the one before.
    Samples samples = new Samples(ProcessHandle.current().pid());
    while (true) {
      try (DuckDbStorage storage = DuckDbStorage.open(settings, InstantSource.system())) {
        Steps steps = new Steps(storage, samples);
        var session = steps.open("child");
        do {
          List<TaskDefinition> tasks = steps.submit(10);
          tasks.forEach(task -> out.println("ack " + task.id()));
          steps.complete(steps.claim(session, 5));
        } while (work == Work.WRITE);
      }
    }
  }
}
