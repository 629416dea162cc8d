package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.remote.ServerClient;
import dev.holdfast.bootstrap.terminal.TextTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tasks show}. */
@Command(name = "show", description = "Show one task with everything that is known of it.")
final class ShowCommand implements Callable<Integer> {

  private final CliContext context;

  @Mixin
  private ServerOption server = new ServerOption();

  @Parameters(paramLabel = "<id>", description = "The id of the task.")
  private String id = "";

  @Option(
      names = "--wait",
      paramLabel = "<seconds>",
      description = "Wait so long, 60 at most, for its end.")
  private int wait;

  @Option(names = "--events", description = "Show its events as well.")
  private boolean events;

  ShowCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    ServerClient client = server.client(context);
    String path = "/v1/tasks/" + ServerOption.encoded(id);
    String[] headers = wait > 0 ? new String[] {"Prefer", "wait=" + wait} : new String[0];
    show(client.get(path, headers));
    if (events) {
      showEvents(client.get(path + "/events"));
    }
    return 0;
  }

  private void show(String answer) {
    if (server.format() == OutputFormat.TABLE) {
      Document task = Document.parse(context.mapper(), answer);
      TaskText.members(task)
          .forEach(line -> context.print(
              line.startsWith("state ") ? TaskText.colored(line, task, context.terminal()) : line));
    } else {
      context.print(answer);
    }
  }

  private void showEvents(String answer) {
    List<Document> list = Document.parse(context.mapper(), answer).list("items");
    switch (server.format()) {
      case TABLE -> {
        context.print("");
        eventTable(list).lines().forEach(context::print);
      }
      case JSON -> context.print(answer);
      case NDJSON ->
        list.forEach(
            event -> context.print(context.mapper().write(event.members()).text()));
    }
  }

  private static TextTable eventTable(List<Document> events) {
    var table = new TextTable("VERSION", "EVENT", "AT", "NODE", "ATTEMPT", "DETAIL");
    events.forEach(event -> table.row(
        event.get("version"),
        event.get("type"),
        event.get("at"),
        event.get("node"),
        event.get("attempt"),
        event.object("detail").members().isEmpty() ? "" : event.get("detail")));
    return table;
  }
}
