package dev.holdfast.bootstrap.process;

import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.bootstrap.Main;
import dev.holdfast.bootstrap.handlers.process.Waiting;
import dev.holdfast.bootstrap.remote.ServerClient;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real process that runs the command line from the class path of the tests. */
final class HoldfastProcess implements AutoCloseable {

  private static final Pattern READY = Pattern.compile("ready .*url=(\\S+)");

  private final Process process;
  private final Path out;
  private final Path err;

  private HoldfastProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a command in a folder; its environment has nothing of Holdfast's but this. */
  static HoldfastProcess start(Path folder, Map<String, String> environment, String... args)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.contains("jacoco"))
        .forEach(command::add);
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dguice_custom_class_loading=CHILD");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    var builder = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
    builder.environment().putAll(environment);
    return new HoldfastProcess(builder.start(), out, err);
  }

  /** Waits until the server says that it is ready. */
  ServerClient client() throws Exception {
    Waiting.until(() -> READY.matcher(err()).find() || !process.isAlive());
    Matcher ready = READY.matcher(err());
    if (!ready.find()) {
      fail("the server ended: " + err());
    }
    return new ServerClient(URI.create(ready.group(1)), new JacksonJsonMapper());
  }

  /** As if by {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** As if by {@code kill}. */
  void terminate() {
    process.destroy();
  }

  /** What it has started, and what that has. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(100, TimeUnit.SECONDS)) {
      fail("still running: " + err());
    }
    return process.exitValue();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
