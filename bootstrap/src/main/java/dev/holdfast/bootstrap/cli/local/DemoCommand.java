package dev.holdfast.bootstrap.cli.local;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.CliFailure;
import dev.holdfast.bootstrap.cli.base.ConfigFlags;
import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.config.HoldfastConfig.StorageConfig;
import dev.holdfast.bootstrap.config.Setting.Section;
import dev.holdfast.bootstrap.config.Settings;
import dev.holdfast.bootstrap.demo.ClusterDemo;
import dev.holdfast.bootstrap.demo.DemoDatabase;
import dev.holdfast.bootstrap.log.LogSetup;
import dev.holdfast.bootstrap.wiring.Storages;
import dev.holdfast.domain.port.SchemaMigrations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo} and the command below it. */
public final class DemoCommand {

  private DemoCommand() {}

  /** All of them. */
  public static CommandLine of(CliContext context) {
    return new CommandLine(new Group())
        .addSubcommand(ConfigFlags.add(
            new CommandLine(new Cluster(context)), Section.STORAGE, Section.LOG, Section.GENERAL));
  }

  /** The name above them. */
  @Command(name = "demo", description = "Show Holdfast at work.")
  static final class Group implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      throw new ParameterException(
          spec.commandLine(), "a command is missing after \"demo\": cluster");
    }
  }

  /** {@code demo cluster}. */
  @Command(
      name = "cluster",
      description = {
        "Start nodes in processes of their own, give them tasks, and show what they do.",
        "The database is an embedded PostgreSQL, unless HOLDFAST_POSTGRES_URL, --postgres-url or"
            + " PGHOST names one; there a schema of the demo's own is used, and emptied in the end."
      },
      sortOptions = false)
  static final class Cluster implements Callable<Integer> {

    private final CliContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--chaos",
        description = "Kill a random node every few seconds, and start it again.")
    private boolean chaos;

    @Option(
        names = "--seconds",
        paramLabel = "<n>",
        description = "End after so many. Default: with Ctrl-C.")
    private int seconds;

    @Option(names = "--nodes", paramLabel = "<n>", description = "How many, 2 to 9. Default: 3.")
    private int nodes = 3;

    @Option(
        names = "--slots",
        paramLabel = "<n>",
        description = "How many tasks a node runs at once, 1 to 1000. Default: 16.")
    private int slots = 16;

    @Option(
        names = "--rate",
        paramLabel = "<n>",
        description = "How many tasks are submitted a second, 5 to 10000. Default: 50.")
    private int rate = 50;

    Cluster(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      var wishes = new ClusterDemo.Wishes(nodes, slots, rate, chaos, Duration.ofSeconds(seconds));
      CliFailure.requireRange("--nodes", nodes, 2, 9);
      CliFailure.requireRange("--slots", slots, 1, 1000);
      CliFailure.requireRange("--rate", rate, 5, 10_000);
      CliFailure.requireRange("--seconds", seconds, 0, 86_400);
      // Libraries keep quiet while the picture is drawn.
      LogSetup.apply(config(Map.of("postgres.url", "jdbc:postgresql:")).log());
      try (DemoDatabase database = database()) {
        HoldfastConfig config = config(database.settings());
        return run(wishes, (StorageConfig.Postgres) config.storage());
      }
    }

    private DemoDatabase database() {
      boolean isNamed = spec.commandLine().getParseResult().hasMatchedOption("--postgres-url")
          || !context.environment().getOrDefault("HOLDFAST_POSTGRES_URL", "").isBlank();
      return isNamed
          ? DemoDatabase.configured()
          : DemoDatabase.ofPostgresVariables(context.environment())
              .orElseGet(DemoDatabase::embedded);
    }

    private HoldfastConfig config(Map<String, String> database) {
      var fixed = new HashMap<>(database);
      fixed.put(Settings.STORAGE.key(), "postgres");
      fixed.put(
          Settings.POSTGRES_SCHEMA.key(),
          "holdfast_demo_" + ProcessHandle.current().pid());
      return ConfigFlags.read(spec, context, fixed, Map.of("log.level", "error"));
    }

    private int run(ClusterDemo.Wishes wishes, StorageConfig.Postgres database)
        throws IOException, InterruptedException {
      Path logs = Files.createTempDirectory("holdfast-demo");
      try (var demo = new ClusterDemo(
          wishes, database, logs, context.mapper(), context.out(), context.terminal())) {
        StopSignal signal = StopSignal.install(() -> {}, demo::kill);
        ClusterDemo.Result result = demo.run(() -> signal.number() != 0);
        context.print(result.text());
        context.out().flush();
        if (result.lost() > 0) {
          context.tell("the logs of the nodes are in " + logs);
          return ExitCodes.TASK_FAILED;
        }
        remove(logs);
        return ExitCodes.OK;
      } finally {
        SchemaMigrations migrations = Storages.migrations(database);
        migrations.down(
            (int) migrations.status().stream().filter(s -> s.applied()).count());
      }
    }

    private static void remove(Path folder) throws IOException {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
