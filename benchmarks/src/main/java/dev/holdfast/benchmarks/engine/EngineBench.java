package dev.holdfast.benchmarks.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** {@code [setting=value …] SCENARIO N [key=value …]}: runs it and prints one line of JSON. */
public final class EngineBench {

  private EngineBench() {}

  /** Runs one scenario and ends the process, engines and all. */
  public static void main(String[] words) throws Exception {
    Arguments arguments = Arguments.of(List.of(words));
    Server server = new Server();
    server.clear();
    String result = result(server, arguments);
    print(arguments, result);
    System.exit(0);
  }

  private static String result(Server server, Arguments arguments) throws Exception {
    return switch (arguments.scenario()) {
      case "drain" -> new Drain(server, arguments).run();
      case "enqueue" -> new Enqueue(server, arguments).run();
      case "latency" -> new Latency(server, arguments).run();
      case "inflight" -> new InFlight(server, arguments).run();
      case "train" -> train(server, arguments.count());
      default -> throw new IllegalArgumentException("no scenario " + arguments.scenario());
    };
  }

  /** A little of everything, for a JVM that writes down what it has loaded and compiled. */
  private static String train(Server server, int count) throws Exception {
    for (List<String> words : List.of(
        List.of("enqueue", "20000", "batch=1000"),
        List.of("enqueue", "5000", "threads=16"),
        List.of("drain", "50000", "cluster=1"),
        List.of("latency", Integer.toString(count)),
        List.of("latency", "1000", "rate=200", "local=1"))) {
      server.clear();
      String told = result(server, Arguments.of(words));
      System.err.println(String.join(" ", words) + ": " + told);
    }
    return "\"trained\":true";
  }

  private static void print(Arguments arguments, String result) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    out.println(String.format(
        Locale.ROOT,
        "{\"peer\":\"%s\",\"version\":\"%s\",\"scenario\":\"%s\",\"params\":\"%s\","
            + "\"sync_commit\":\"%s\",\"n\":%d,%s,\"client_cpu_s\":%.2f,\"rss_mb\":%d}",
        arguments.name(),
        "0.1.0",
        arguments.scenario(),
        arguments.text(),
        Server.synchronousCommit(),
        arguments.count(),
        result,
        Footprint.cpuSeconds(),
        Footprint.peakMegabytes()));
  }
}
