package dev.holdfast.bootstrap.cli;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.config.HoldfastConfig.Log;
import dev.holdfast.bootstrap.config.HoldfastConfig.LogFormat;
import dev.holdfast.bootstrap.config.HoldfastConfig.LogLevel;
import dev.holdfast.bootstrap.log.LogSetup;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code holdfast}. */
public final class Cli {

  private Cli() {}

  /** Runs one command and answers its exit code. */
  public static int run(CliContext context, String... args) {
    // Libraries keep quiet until a command says otherwise.
    LogSetup.apply(new Log(LogFormat.TEXT, LogLevel.WARN));
    var root = new CommandLine(new Root());
    Commands commands = new Commands(context);
    // Only the command that is asked for is made: reflection on all of them costs start-up time.
    Optional<String> asked =
        Arrays.stream(args).filter(arg -> !arg.startsWith("-")).findFirst();
    asked
        .filter(commands::has)
        .ifPresentOrElse(name -> commands.add(root, name), () -> commands.addAll(root));
    ErrorReport report = new ErrorReport(context, Arrays.asList(args).contains("--debug"));
    root.setOut(context.out())
        .setErr(context.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpLongOptionsMaxWidth(32)
        .setColorScheme(CommandLine.Help.defaultColorScheme(
            context.terminal().out() && context.terminal().colors() ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler(report::usage)
        .setExecutionExceptionHandler(report::failure)
        .setExitCodeExceptionMapper(e -> ExitCodes.INTERNAL);
    int exitCode = root.execute(args);
    context.out().flush();
    context.err().flush();
    return exitCode;
  }

  /** What is said of all commands together. */
  @Command(
      name = "holdfast",
      description = "Durable tasks: accepted once, never lost, run until they end.",
      versionProvider = VersionCommand.Provider.class,
      synopsisSubcommandLabel = "COMMAND",
      sortOptions = false,
      footer = {
        "",
        "Exit codes: 0 well, 1 a task ended badly, 2 faulty command, configuration or document,",
        "3 not found, 4 conflict, 5 unavailable, 70 internal error, 128 + N ended by signal N."
      })
  @SuppressWarnings("UnusedVariable") // picocli and the error report act on their presence
  static final class Root implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        scope = ScopeType.INHERIT,
        description = "Show what this command does and takes.")
    private boolean help;

    @Option(
        names = {"-V", "--version"},
        versionHelp = true,
        description = "Show the version.")
    private boolean version;

    @Option(
        names = "--debug",
        scope = ScopeType.INHERIT,
        description = "Show stack traces of errors.")
    private boolean debug;

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }
}
