package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.remote.Document;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tasks list}. */
@Command(name = "list", description = "List tasks, the newest first.", sortOptions = false)
final class ListCommand implements Callable<Integer> {

  private final CliContext context;

  @Mixin
  private ServerOption server = new ServerOption();

  @Option(
      names = "--namespace",
      description = "Only of this namespace; * for all. Default: default.")
  private String namespace = "";

  @Option(names = "--state", description = "Only in this state, for example pending or failed.")
  private String state = "";

  @Option(names = "--type", description = "Only of this type.")
  private String type = "";

  @Option(names = "--queue", description = "Only of this queue.")
  private String queue = "";

  @Option(names = "--parent", paramLabel = "<id>", description = "Only children of this task.")
  private String parent = "";

  @Option(names = "--tag", description = "Only with this tag.")
  private String tag = "";

  @Option(names = "--limit", description = "At most so many, 1 to 500. Default: 50.")
  private int limit = 50;

  @Option(names = "--cursor", description = "Go on where an earlier list ended.")
  private String cursor = "";

  ListCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    String answer = server.client(context).get("/v1/tasks?" + query());
    JsonMapper mapper = context.mapper();
    Document list = Document.parse(mapper, answer);
    List<Document> tasks = list.list("items");
    switch (server.format()) {
      case TABLE -> TaskText.table(tasks, context.terminal()).forEach(context::print);
      case JSON -> context.print(answer);
      case NDJSON ->
        tasks.forEach(task -> context.print(mapper.write(task.members()).text()));
    }
    list.text("nextCursor").ifPresent(next -> context.tell("more with --cursor " + next));
    return 0;
  }

  private String query() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("namespace", namespace);
    parameters.put("state", state);
    parameters.put("type", type);
    parameters.put("queue", queue);
    parameters.put("parent", parent);
    parameters.put("tag", tag);
    parameters.put("limit", Integer.toString(limit));
    parameters.put("cursor", cursor);
    return parameters.entrySet().stream()
        .filter(parameter -> !parameter.getValue().isEmpty())
        .map(one -> one.getKey() + "=" + ServerOption.encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }
}
