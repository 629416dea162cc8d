package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.terminal.TextTable;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tasks why}. */
@Command(name = "why", description = "Say why a task runs, or what it waits for.")
final class WhyCommand implements Callable<Integer> {

  private final CliContext context;

  @Mixin
  private ServerOption server = new ServerOption();

  @Parameters(paramLabel = "<id>", description = "The id of the task.")
  private String id = "";

  WhyCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    String path = "/v1/tasks/" + ServerOption.encoded(id) + "/placement";
    String answer = server.client(context).get(path);
    if (server.format() == OutputFormat.TABLE) {
      show(Document.parse(context.mapper(), answer));
    } else {
      context.print(answer);
    }
    return 0;
  }

  private void show(Document placement) {
    var waits = new TextTable();
    waits.row("state", placement.get("state"));
    if (placement.get("queuePosition") != null) {
      waits.row("position", placement.get("queuePosition"));
    }
    placement
        .list("waitingFor")
        .forEach(wait -> waits.row("waits for " + wait.textOrEmpty("kind"), wait.get("detail")));
    waits.lines().forEach(context::print);
    var nodes = new TextTable("NODE", "MAY RUN IT", "REASONS");
    placement
        .list("nodes")
        .forEach(node -> nodes.row(
            node.get("node"),
            Boolean.TRUE.equals(node.get("eligible")) ? "yes" : "no",
            node.list("reasons").stream()
                .map(reason -> reason.textOrEmpty("detail"))
                .collect(Collectors.joining("; "))));
    context.print("");
    nodes.lines().forEach(context::print);
  }
}
