package dev.holdfast.bootstrap.demo;

import dev.holdfast.bootstrap.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node in a process of its own, to be killed and started anew. Safe for concurrent use. */
final class DemoNode {

  private static final List<String> NOT_HANDED_ON =
      List.of("-agentlib", "-Xrunjdwp", "-XX:ArchiveClassesAtExit");

  private final String name;
  private final URI url;
  private final Path log;
  private final Map<String, String> environment;
  private @Nullable Process process;

  /** {@code environment} has every setting of Holdfast that it gets; its log goes to a file. */
  DemoNode(String name, int port, Path folder, Map<String, String> environment) {
    this.name = name;
    this.url = URI.create("http://127.0.0.1:" + port);
    this.log = folder.resolve(name + ".log");
    this.environment = environment;
  }

  String name() {
    return name;
  }

  URI url() {
    return url;
  }

  synchronized void start() {
    var builder = new ProcessBuilder(command())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(variable -> variable.startsWith("HOLDFAST_"));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same Java and class path as this process has; a debugger's port is this one's alone. */
  private static List<String> command() {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> NOT_HANDED_ON.stream().noneMatch(argument::startsWith))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add("serve");
    return command;
  }

  synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** As by {@code kill -9}; returns when it is gone. */
  synchronized void kill() {
    if (process != null) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  /** Asks it to end. */
  synchronized void stop() {
    if (process != null) {
      process.destroy();
    }
  }

  /** Waits for its end, and kills it when that takes too long. */
  void awaitEnd(Duration patience) {
    Process current;
    synchronized (this) {
      current = process;
    }
    if (current == null) {
      return;
    }
    try {
      if (!current.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
