package dev.holdfast.bootstrap.cli.local;

import dev.holdfast.bootstrap.bench.Bench;
import dev.holdfast.bootstrap.bench.Load;
import dev.holdfast.bootstrap.bench.Report;
import dev.holdfast.bootstrap.bench.Result;
import dev.holdfast.bootstrap.bench.Scenario;
import dev.holdfast.bootstrap.bench.Scratch;
import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.CliFailure;
import dev.holdfast.bootstrap.cli.base.ConfigFlags;
import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.log.LogSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}. */
@Command(
    name = "bench",
    description = {
      "Measure what the configured storage gives on this machine: how fast tasks are taken, how"
          + " fast they are run, and how soon one is.",
      "It works in a place of its own beside the storage (another schema, another file) and"
          + " removes it in the end."
    },
    sortOptions = false)
public final class BenchCommand implements Callable<Integer> {

  private final CliContext context;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "<scenario>",
      description = "enqueue, drain, latency. Default: all of them.")
  private List<Scenario> scenarios = List.of();

  @Option(
      names = "--tasks",
      paramLabel = "<n>",
      description = "How many are enqueued and drained, 100 to 10000000. Default: 50000.")
  private int tasks = 50_000;

  @Option(
      names = "--threads",
      paramLabel = "<n>",
      description = "How many threads enqueue, 1 to 1000. Default: 64.")
  private int threads = 64;

  @Option(
      names = "--rate",
      paramLabel = "<n>",
      description = "Tasks a second of latency, 1 to 100000. Default: 200.")
  private int rate = 200;

  @Option(
      names = "--seconds",
      paramLabel = "<n>",
      description = "How long latency is measured, 1 to 3600. Default: 5.")
  private int seconds = 5;

  @Option(
      names = {"-o", "--output"},
      description = "How the outcome is printed: table, json or ndjson. Default: table.")
  private OutputFormat format = OutputFormat.TABLE;

  /** Runs with the configuration of this context. */
  public BenchCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    CliFailure.requireRange("--tasks", tasks, 100, 10_000_000);
    CliFailure.requireRange("--threads", threads, 1, 1000);
    CliFailure.requireRange("--rate", rate, 1, 100_000);
    CliFailure.requireRange("--seconds", seconds, 1, 3600);
    HoldfastConfig config = ConfigFlags.read(spec, context, Map.of(), Map.of("log.level", "warn"));
    LogSetup.apply(config.log());
    List<Result> results = new ArrayList<>();
    String title;
    try (Scratch scratch = new Scratch(config.storage())) {
      Load load = new Load(tasks, threads, rate, seconds);
      Bench bench = new Bench(scratch, config.node().slots(), load);
      for (Scenario scenario : scenarios.isEmpty() ? List.of(Scenario.values()) : scenarios) {
        results.add(bench.run(scenario));
      }
      title = scratch.title();
    }
    print(title, results);
    return ExitCodes.OK;
  }

  private void print(String title, List<Result> results) {
    switch (format) {
      case TABLE -> Report.text(title, results).forEach(context::print);
      case JSON ->
        context.print(
            context.mapper().write(Map.of("results", Report.data(results))).text());
      case NDJSON ->
        Report.data(results)
            .forEach(row -> context.print(context.mapper().write(row).text()));
    }
  }
}
