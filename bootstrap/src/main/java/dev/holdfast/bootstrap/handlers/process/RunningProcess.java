package dev.holdfast.bootstrap.handlers.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A process that was started, its streams being served. Closing it kills what still runs of it, its
 * descendants included. Belongs to one thread.
 */
final class RunningProcess implements AutoCloseable {

  /** A descendant may keep a stream open for ever; its words after the end are not waited for. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Process process;
  private final Capture output;
  private final Capture errors;
  private final List<Thread> readers;

  RunningProcess(Process process, String input, int bound) {
    this.process = process;
    this.output = new Capture(bound);
    this.errors = new Capture(bound);
    Thread.ofVirtual().start(() -> write(input));
    this.readers = List.of(
        Thread.ofVirtual().start(() -> output.drain(process.getInputStream())),
        Thread.ofVirtual().start(() -> errors.drain(process.getErrorStream())));
  }

  /** The exit code, once there is one. */
  int await() throws InterruptedException {
    int exitCode = process.waitFor();
    for (Thread reader : readers) {
      reader.join(LAST_WORDS);
    }
    return exitCode;
  }

  /** What it wrote to its standard output. */
  Capture output() {
    return output;
  }

  /** What it wrote to its standard error. */
  Capture errors() {
    return errors;
  }

  /** Descendants are looked up first: they are nobody's once their parent has ended. */
  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
    // What was started between the look and the kill.
    descendants.stream()
        .flatMap(ProcessHandle::descendants)
        .forEach(ProcessHandle::destroyForcibly);
  }

  private void write(String input) {
    try (OutputStream stream = process.getOutputStream()) {
      stream.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A program need not read its input.
    }
  }
}
