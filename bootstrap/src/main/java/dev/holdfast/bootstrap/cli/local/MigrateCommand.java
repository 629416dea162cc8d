package dev.holdfast.bootstrap.cli.local;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.CliFailure;
import dev.holdfast.bootstrap.cli.base.ConfigFlags;
import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.config.Setting.Section;
import dev.holdfast.bootstrap.log.LogSetup;
import dev.holdfast.bootstrap.terminal.TextTable;
import dev.holdfast.bootstrap.wiring.Storages;
import dev.holdfast.domain.port.SchemaMigrations;
import dev.holdfast.domain.port.SchemaMigrations.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code migrate} and the commands below it. */
public final class MigrateCommand {

  private MigrateCommand() {}

  /** All of them. */
  public static CommandLine of(CliContext context) {
    return new CommandLine(new Group())
        .addSubcommand(flagged(new Up(context)))
        .addSubcommand(flagged(new Down(context)))
        .addSubcommand(flagged(new Status(context)))
        .addSubcommand(flagged(new Print(context)));
  }

  private static CommandLine flagged(Object command) {
    return ConfigFlags.add(new CommandLine(command), Section.STORAGE, Section.LOG, Section.GENERAL);
  }

  /** The name above them. */
  @Command(name = "migrate", description = "Look at the schema of the storage, and change it.")
  static final class Group implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      throw new ParameterException(
          spec.commandLine(), "a command is missing after \"migrate\": up, down, status or print");
    }
  }

  /** What the four have in common. */
  abstract static class Migration implements Runnable {

    private final CliContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
        names = {"-o", "--output"},
        description = "table, json or ndjson. Default: table.")
    private OutputFormat format = OutputFormat.TABLE;

    Migration(CliContext context) {
      this.context = context;
    }

    CliContext context() {
      return context;
    }

    SchemaMigrations migrations() {
      HoldfastConfig config =
          ConfigFlags.read(spec, context, Map.of(), Map.of("log.level", "warn"));
      LogSetup.apply(config.log());
      return Storages.migrations(config.storage());
    }

    void show(List<Step> steps) {
      List<Map<String, Object>> documents =
          steps.stream().map(Migration::document).toList();
      switch (format) {
        case TABLE -> {
          var table = new TextTable("VERSION", "APPLIED", "DESCRIPTION");
          steps.forEach(
              step -> table.row(step.version(), step.applied() ? "yes" : "no", step.description()));
          table.lines().forEach(context::print);
        }
        case JSON ->
          context.print(context.mapper().write(Map.of("migrations", documents)).text());
        case NDJSON ->
          documents.forEach(step -> context.print(context.mapper().write(step).text()));
      }
    }

    private static Map<String, Object> document(Step step) {
      var members = new LinkedHashMap<String, Object>();
      members.put("version", step.version());
      members.put("description", step.description());
      members.put("applied", step.applied());
      return members;
    }
  }

  /** {@code migrate up}. */
  @Command(name = "up", description = "Bring the schema up to date.")
  static final class Up extends Migration {

    Up(CliContext context) {
      super(context);
    }

    @Override
    public void run() {
      SchemaMigrations migrations = migrations();
      migrations.up();
      show(migrations.status());
    }
  }

  /** {@code migrate down}. */
  @Command(
      name = "down",
      description = "Take the newest changes of the schema back, data included.")
  static final class Down extends Migration {

    @Option(
        names = "--steps",
        required = true,
        description = "How many; what they made is dropped with its data.")
    private int steps;

    Down(CliContext context) {
      super(context);
    }

    @Override
    public void run() {
      SchemaMigrations migrations = migrations();
      try {
        migrations.down(steps);
      } catch (IllegalArgumentException e) {
        throw new CliFailure(ExitCodes.USAGE, String.valueOf(e.getMessage()));
      }
      show(migrations.status());
    }
  }

  /** {@code migrate status}. */
  @Command(name = "status", description = "Show which changes of the schema are applied.")
  static final class Status extends Migration {

    Status(CliContext context) {
      super(context);
    }

    @Override
    public void run() {
      show(migrations().status());
    }
  }

  /** {@code migrate print}. */
  @Command(name = "print", description = "Print the statements that \"up\" would run.")
  static final class Print extends Migration {

    Print(CliContext context) {
      super(context);
    }

    @Override
    public void run() {
      context().print(migrations().print());
    }
  }
}
