package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.remote.ServerClient.Body;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tasks retry}. */
@Command(
    name = "retry",
    description = "Start a task anew that failed, timed out or was cancelled, and revive the tasks"
        + " that were cancelled since they depend on it.")
final class RetryCommand implements Callable<Integer> {

  private final CliContext context;

  @Mixin
  private ServerOption server = new ServerOption();

  @Parameters(paramLabel = "<id>", description = "The id of the task.")
  private String id = "";

  RetryCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    String path = "/v1/tasks/" + ServerOption.encoded(id) + "/retry";
    String answer = server.client(context).post(path, Body.json("{}"));
    context.print(
        server.format() == OutputFormat.TABLE
            ? "started anew: " + Document.parse(context.mapper(), answer).textOrEmpty("state")
            : answer);
    return 0;
  }
}
