package dev.holdfast.simulator;

import dev.holdfast.simulator.node.Bend;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** The command line of the simulator: the first seed, and how many. */
public final class Simulate {

  private Simulate() {}

  /** Runs and ends the process: 0 when every promise was kept, 1 otherwise. */
  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.exit(run(arguments, out));
  }

  /** Runs; 0 when every promise was kept, 1 when one was broken, 2 for senseless arguments. */
  static int run(String[] arguments, PrintStream out) throws InterruptedException {
    if (arguments.length != 2) {
      out.println("usage: simulate SEED SEEDS");
      return 2;
    }
    long first = Long.parseLong(arguments[0]);
    long seeds = Long.parseLong(arguments[1]);
    Campaign.Result result = new Campaign(() -> Bend.NONE).run(first, seeds, Duration.ofDays(1));
    report(result, out);
    if (result.failed() == null) {
      return 0;
    }
    explain(result.failed(), out);
    return 1;
  }

  private static void report(Campaign.Result result, PrintStream out) {
    double seconds = result.took().toNanos() / 1e9;
    out.printf(
        Locale.ROOT,
        "%,d histories in %.1f s (%.0f a second), %,d events, %,d tasks, %,d faults%n",
        result.histories(),
        seconds,
        result.histories() / seconds,
        result.steps(),
        result.tasks(),
        result.allFaults());
    result.faults().forEach((kind, count) -> out.printf(Locale.ROOT, "  %-14s %,d%n", kind, count));
  }

  private static void explain(History failed, PrintStream out) throws InterruptedException {
    History again = new Simulation(failed.seed(), Bend.NONE, true).run();
    out.println(again.trace());
    out.println("seed " + failed.seed() + " broke " + failed.broken());
    out.println("see it again: " + failed.command());
  }
}
