package dev.holdfast.chaos.machine;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs of the machine and waits for them. */
public final class Shell {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private Shell() {}

  /**
   * Runs a program to its end.
   *
   * @return what it wrote
   * @throws IllegalStateException if it cannot be started, fails, or takes longer than 90 seconds
   */
  public static String run(List<String> command) {
    return run(command, Map.of());
  }

  /** The same with variables of the environment. */
  public static String run(List<String> command, Map<String, String> environment) {
    try {
      // A daemon that inherits a pipe would keep it open for ever.
      Path output = Files.createTempFile("holdfast-chaos", ".out");
      ProcessBuilder builder = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .directory(new File(System.getProperty("java.io.tmpdir")));
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean hasEnded = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      String written = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      if (!hasEnded || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + " failed: " + written);
      }
      return written;
    } catch (IOException e) {
      throw new IllegalStateException(String.join(" ", command) + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Whether the program ran and succeeded. */
  public static boolean succeeds(String... command) {
    try {
      run(List.of(command));
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
