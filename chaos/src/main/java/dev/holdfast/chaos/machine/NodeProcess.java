package dev.holdfast.chaos.machine;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM of ours: started, stopped, continued and killed by its own process id only. */
public final class NodeProcess implements AutoCloseable {

  private final String name;
  private final Path log;
  private final Process process;

  private NodeProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param options for the JVM
   * @param main class and arguments
   */
  public static NodeProcess start(
      String name,
      Path folder,
      List<String> options,
      Map<String, String> environment,
      List<String> main) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of(
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "--enable-native-access=ALL-UNNAMED",
        "-Dguice_custom_class_loading=CHILD",
        "-Dlogback.configurationFile=logback-chaos.xml"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath()));
    command.addAll(main);
    Path log = folder.resolve(name + ".out");
    try {
      ProcessBuilder builder = new ProcessBuilder(command)
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_"));
      builder.environment().putAll(environment);
      return new NodeProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ours, of use in any folder. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Its node id. */
  public String name() {
    return name;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs, or is paused. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** {@code kill -9}; returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** {@code kill}; does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for its end, which must have been asked for. */
  public int exitCode() {
    return process.onExit().join().exitValue();
  }

  /** {@code kill -STOP}. */
  public void pause() {
    signal("STOP");
  }

  /** {@code kill -CONT}. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    Shell.run(List.of("kill", "-" + signal, Long.toString(pid())));
  }

  /** What it wrote to its output, over all its starts. */
  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it; a paused one too. */
  @Override
  public void close() {
    kill();
  }
}
