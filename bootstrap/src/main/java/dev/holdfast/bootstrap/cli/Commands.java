package dev.holdfast.bootstrap.cli;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.ConfigFlags;
import dev.holdfast.bootstrap.cli.local.BenchCommand;
import dev.holdfast.bootstrap.cli.local.DemoCommand;
import dev.holdfast.bootstrap.cli.local.MigrateCommand;
import dev.holdfast.bootstrap.cli.local.RunCommand;
import dev.holdfast.bootstrap.cli.local.ServeCommand;
import dev.holdfast.bootstrap.cli.local.WarmupCommand;
import dev.holdfast.bootstrap.cli.server.ClusterCommands;
import dev.holdfast.bootstrap.cli.server.EventsCommand;
import dev.holdfast.bootstrap.cli.server.SubmitCommand;
import dev.holdfast.bootstrap.cli.server.TasksCommands;
import dev.holdfast.bootstrap.config.Setting.Section;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The commands there are, each made when it is needed. */
final class Commands {

  private final Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();

  Commands(CliContext context) {
    commands.put(
        "serve",
        () -> ConfigFlags.add(
            new CommandLine(new ServeCommand(context)),
            Section.STORAGE,
            Section.HTTP,
            Section.NODE,
            Section.CLUSTER,
            Section.EXECUTORS,
            Section.LOG,
            Section.GENERAL));
    commands.put(
        "run",
        () -> ConfigFlags.add(
            new CommandLine(new RunCommand(context)),
            Section.STORAGE,
            Section.NODE,
            Section.EXECUTORS,
            Section.LOG,
            Section.GENERAL));
    commands.put("submit", () -> new CommandLine(new SubmitCommand(context)));
    commands.put("tasks", () -> TasksCommands.of(context));
    commands.put("events", () -> new CommandLine(new EventsCommand(context)));
    commands.put("nodes", () -> ClusterCommands.nodes(context));
    commands.put("leader", () -> ClusterCommands.leader(context));
    commands.put(
        "bench",
        () -> ConfigFlags.add(
            new CommandLine(new BenchCommand(context)),
            Section.STORAGE,
            Section.NODE,
            Section.LOG,
            Section.GENERAL));
    commands.put("demo", () -> DemoCommand.of(context));
    commands.put("migrate", () -> MigrateCommand.of(context));
    commands.put("version", () -> new CommandLine(new VersionCommand(context)));
    commands.put("warmup", () -> new CommandLine(new WarmupCommand(context)));
  }

  boolean has(String name) {
    return commands.containsKey(name);
  }

  void add(CommandLine root, String name) {
    root.addSubcommand(name, Objects.requireNonNull(commands.get(name), name).get());
  }

  void addAll(CommandLine root) {
    commands.keySet().forEach(name -> add(root, name));
  }
}
