package dev.holdfast.simulator;

import dev.holdfast.simulator.node.Bend;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** The command line of the simulator: the first seed, and how many. */
public final class Simulate {

  private final Supplier<Bend> bends;
  private final PrintStream out;

  Simulate(Supplier<Bend> bends, PrintStream out) {
    this.bends = bends;
    this.out = out;
  }

  /** Runs and ends the process: 0 when every promise was kept, 1 otherwise. */
  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.exit(new Simulate(() -> Bend.NONE, out).run(arguments));
  }

  /** Runs; 0 when every promise was kept, 1 when one was broken, 2 for senseless arguments. */
  int run(String... arguments) throws InterruptedException {
    if (arguments.length != 2) {
      out.println("usage: simulate SEED SEEDS");
      return 2;
    }
    long first = Long.parseLong(arguments[0]);
    long seeds = Long.parseLong(arguments[1]);
    Campaign.Result result = new Campaign(bends).run(first, seeds, Duration.ofDays(1));
    report(result);
    History failed = result.failed();
    if (seeds == 1 || failed != null) {
      explain(failed == null ? first : failed.seed());
    }
    return failed == null ? 0 : 1;
  }

  private void report(Campaign.Result result) {
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

  /** Runs a seed again and tells what happened last in it. */
  private void explain(long seed) throws InterruptedException {
    History again = new Simulation(seed, bends.get(), true).run();
    out.println(again.trace());
    if (again.broken() != null) {
      out.println("seed " + seed + " broke " + again.broken());
      out.println("see it again: " + again.command());
    }
  }
}
