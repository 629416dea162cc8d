package dev.holdfast.bootstrap.cli.local;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.ConfigFlags;
import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.config.HoldfastConfig.StorageConfig.DuckDb;
import dev.holdfast.bootstrap.config.Settings;
import dev.holdfast.bootstrap.log.LogSetup;
import dev.holdfast.bootstrap.run.GraphFile;
import dev.holdfast.bootstrap.run.RunJob;
import dev.holdfast.bootstrap.run.RunKeys;
import dev.holdfast.bootstrap.run.RunReport;
import dev.holdfast.bootstrap.run.Runnability;
import dev.holdfast.bootstrap.terminal.Progress;
import dev.holdfast.bootstrap.wiring.RunningNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run}. */
@Command(
    name = "run",
    description = {
      "Run all tasks of a file to their end, in this process, and say what happened.",
      "Run again after whatever stopped it, it goes on where it was: nothing that was finished is"
          + " repeated, and what had failed is tried anew."
    },
    sortOptions = false)
public final class RunCommand implements Callable<Integer> {

  private final CliContext context;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "<file>",
      description = "A document {\"tasks\": [...]}, or one task a line; - is standard input.")
  private String file = "";

  @Option(names = "--fresh", description = "Start anew: forget what earlier runs of the file did.")
  private boolean fresh;

  @Option(
      names = "--allow-process",
      paramLabel = "<programs>",
      description = "What process tasks may run; short for --process-allow.")
  private String allowProcess = "";

  @Option(
      names = {"-o", "--output"},
      description = "How the outcome is printed: table, json or ndjson. Default: table.")
  private OutputFormat format = OutputFormat.TABLE;

  /** Runs with the configuration of this context. */
  public RunCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    HoldfastConfig config = ConfigFlags.read(spec, context, fixed(), Map.of("log.level", "warn"));
    LogSetup.apply(config.log());
    GraphFile graph = GraphFile.read(file, content());
    Thread runner = Thread.currentThread();
    StopSignal signal = StopSignal.install(runner::interrupt);
    try (RunningNode node = RunningNode.embedded(config, context.environment())) {
      Runnability.check(
          graph.tasks(), node.engine().cluster().nodes(), config.node().id());
      return report(run(node.engine(), graph, keys(config, graph)));
    } catch (InterruptedException e) {
      return stopped(signal);
    } catch (RuntimeException e) {
      // What an interruption breaks while the node starts is no failure.
      if (signal.number() == 0) {
        throw e;
      }
      return stopped(signal);
    }
  }

  private int stopped(StopSignal signal) {
    context.tell("stopped before the end; the same command goes on where it was");
    return ExitCodes.SIGNAL + signal.number();
  }

  private Map<String, String> fixed() {
    var fixed = new LinkedHashMap<String, String>();
    fixed.put(Settings.STORAGE.key(), "duckdb");
    fixed.put(Settings.CLUSTER_ENABLED.key(), "false");
    if (!allowProcess.isEmpty()) {
      fixed.put(Settings.PROCESS_ALLOW.key(), allowProcess);
    }
    return fixed;
  }

  private byte[] content() throws IOException {
    return file.equals("-") ? context.in().readAllBytes() : Files.readAllBytes(Path.of(file));
  }

  private RunKeys keys(HoldfastConfig config, GraphFile graph) {
    Path storage = ((DuckDb) config.storage()).file();
    Path salts = storage.resolveSibling(storage.getFileName() + ".runs");
    return fresh ? RunKeys.fresh(graph.digest(), salts) : RunKeys.known(graph.digest(), salts);
  }

  private RunReport run(Engine engine, GraphFile graph, RunKeys keys) throws InterruptedException {
    var progress = new Progress(context.err(), context.terminal(), System::nanoTime);
    try {
      return new RunJob(engine, progress::show, System::nanoTime).run(graph.tasks(), keys);
    } finally {
      progress.end();
    }
  }

  private int report(RunReport report) {
    new RunOutput(context, format).print(file, report);
    return report.isGood() ? ExitCodes.OK : ExitCodes.TASK_FAILED;
  }
}
