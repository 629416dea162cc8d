package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.bootstrap.cli.base.CliContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tasks} and the commands below it. */
public final class TasksCommands {

  private TasksCommands() {}

  /** All of them. */
  public static CommandLine of(CliContext context) {
    return new CommandLine(new Group())
        .addSubcommand(new ListCommand(context))
        .addSubcommand(new ShowCommand(context))
        .addSubcommand(new CancelCommand(context))
        .addSubcommand(new RetryCommand(context))
        .addSubcommand(new WhyCommand(context));
  }

  /** The name above them. */
  @Command(name = "tasks", description = "Look at the tasks of a server, and steer them.")
  static final class Group implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "a command is missing after \"tasks\"");
    }
  }
}
