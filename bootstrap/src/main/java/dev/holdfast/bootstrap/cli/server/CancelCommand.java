package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.remote.ServerClient.Body;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tasks cancel}. */
@Command(name = "cancel", description = "Cancel a task; a running one is asked to stop.")
final class CancelCommand implements Callable<Integer> {

  private final CliContext context;

  @Mixin
  private ServerOption server = new ServerOption();

  @Parameters(paramLabel = "<id>", description = "The id of the task.")
  private String id = "";

  @Option(names = "--reason", description = "Why, for those who look at the task later.")
  private String reason = "";

  @Option(names = "--force", description = "End a running task at once, whatever its handler does.")
  private boolean force;

  CancelCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    var members = new LinkedHashMap<String, Object>();
    if (!reason.isEmpty()) {
      members.put("reason", reason);
    }
    members.put("force", force);
    Body body = Body.json(context.mapper().write(members).text());
    String path = "/v1/tasks/" + ServerOption.encoded(id) + "/cancel";
    String answer = server.client(context).post(path, body);
    if (server.format() == OutputFormat.TABLE) {
      String state = Document.parse(context.mapper(), answer).textOrEmpty("state");
      context.print(
          state.equals("cancelled")
              ? "cancelled"
              : "asked to stop; it is " + state + " until then");
    } else {
      context.print(answer);
    }
    return 0;
  }
}
