package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.terminal.TextTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nodes} and {@code leader}. */
public final class ClusterCommands {

  private ClusterCommands() {}

  /** {@code nodes}. */
  public static CommandLine nodes(CliContext context) {
    return new CommandLine(new Nodes(context));
  }

  /** {@code leader}. */
  public static CommandLine leader(CliContext context) {
    return new CommandLine(new Leader(context));
  }

  /** A table of nodes, as the server lists them. */
  static List<String> table(List<Document> nodes) {
    var table = new TextTable("NODE", "ROLE", "STATE", "FREE", "ADDRESS", "LABELS", "HEARTBEAT");
    nodes.forEach(node -> table.row(
        node.get("id"),
        node.get("role"),
        node.get("state"),
        node.object("slots").get("free") + "/" + node.object("slots").get("total"),
        node.get("address"),
        labels(node.object("labels")),
        node.get("heartbeatAt")));
    return table.lines();
  }

  private static String labels(Document labels) {
    return labels.members().entrySet().stream()
        .map(Map.Entry::toString)
        .collect(Collectors.joining(","));
  }

  /** Lists the nodes. */
  @Command(name = "nodes", description = "List the nodes: role, state, free slots, address.")
  static final class Nodes implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    private ServerOption server = new ServerOption();

    Nodes(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
      String answer = server.client(context).get("/v1/nodes");
      List<Document> nodes = Document.parse(context.mapper(), answer).list("items");
      switch (server.format()) {
        case TABLE -> table(nodes).forEach(context::print);
        case JSON -> context.print(answer);
        case NDJSON ->
          nodes.forEach(
              node -> context.print(context.mapper().write(node.members()).text()));
      }
      return 0;
    }
  }

  /** Shows the leader. */
  @Command(name = "leader", description = "Show which node leads, since when, in which term.")
  static final class Leader implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    private ServerOption server = new ServerOption();

    Leader(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
      String answer = server.client(context).get("/v1/leader");
      if (server.format() == OutputFormat.TABLE) {
        TaskText.members(Document.parse(context.mapper(), answer)).forEach(context::print);
      } else {
        context.print(answer);
      }
      return 0;
    }
  }
}
