package dev.holdfast.bootstrap.cli;

import dev.holdfast.application.engine.LeaderActive;
import dev.holdfast.application.engine.StorageHeld;
import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.CliFailure;
import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.config.ConfigInvalid;
import dev.holdfast.bootstrap.remote.ServerFailure;
import dev.holdfast.bootstrap.run.DocumentInvalid;
import dev.holdfast.bootstrap.wiring.CannotStart;
import dev.holdfast.domain.port.StorageInUse;
import dev.holdfast.domain.port.StorageUnavailable;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns errors into messages and exit codes. */
final class ErrorReport {

  private final CliContext context;
  private final boolean debug;

  ErrorReport(CliContext context, boolean debug) {
    this.context = context;
    this.debug = debug;
  }

  /** A command line that cannot be understood. */
  int usage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    context.tell("holdfast: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, context.err());
    context.tell("see " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCodes.USAGE;
  }

  /** A command that failed. */
  int failure(Exception e, CommandLine command, ParseResult given) {
    int exitCode = exitCode(e);
    context.out().flush();
    if (exitCode == ExitCodes.INTERNAL) {
      context.tell("holdfast: internal error: " + e);
      context.tell(debug ? "" : "run it again with --debug to see where");
    } else {
      context.tell("holdfast: " + message(e));
    }
    if (debug) {
      e.printStackTrace(context.err());
    }
    return exitCode;
  }

  private static int exitCode(Exception e) {
    return switch (e) {
      case CliFailure known -> known.exitCode();
      case ConfigInvalid invalid -> ExitCodes.USAGE;
      case DocumentInvalid invalid -> ExitCodes.USAGE;
      case NoSuchFileException missing -> ExitCodes.USAGE;
      case CannotStart unusable -> ExitCodes.UNAVAILABLE;
      case StorageInUse inUse -> ExitCodes.UNAVAILABLE;
      case StorageHeld held -> ExitCodes.UNAVAILABLE;
      case LeaderActive active -> ExitCodes.UNAVAILABLE;
      case StorageUnavailable away -> ExitCodes.UNAVAILABLE;
      case ServerFailure refused -> exitCode(refused.status());
      default -> ExitCodes.INTERNAL;
    };
  }

  private static int exitCode(int status) {
    return switch (status) {
      case 404 -> ExitCodes.NOT_FOUND;
      case 409 -> ExitCodes.CONFLICT;
      case 0, 502, 503, 504 -> ExitCodes.UNAVAILABLE;
      case 500 -> ExitCodes.INTERNAL;
      default -> ExitCodes.USAGE;
    };
  }

  private static String message(Exception e) {
    return e instanceof NoSuchFileException missing
        ? "there is no file " + missing.getFile()
        : String.valueOf(e.getMessage());
  }
}
