package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.CliFailure;
import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.remote.ServerClient;
import dev.holdfast.bootstrap.remote.ServerClient.Body;
import dev.holdfast.bootstrap.run.GraphFile;
import dev.holdfast.bootstrap.terminal.TextTable;
import dev.holdfast.domain.value.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code submit}. */
@Command(
    name = "submit",
    description = "Give tasks to a server: those of a file, or one that the options describe.",
    sortOptions = false)
public final class SubmitCommand implements Callable<Integer> {

  private final CliContext context;

  @Mixin
  private ServerOption server = new ServerOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "<file>",
      description = "A document {\"tasks\": [...]}, or one task a line; - is standard input.")
  private String file = "";

  @Option(names = "--type", description = "The type of a single task.")
  private String type = "";

  @Option(names = "--payload", paramLabel = "<json>", description = "Its payload. Default: {}.")
  private String payload = "";

  @Option(names = "--queue", description = "Its queue.")
  private String queue = "";

  @Option(names = "--namespace", description = "Its namespace.")
  private String namespace = "";

  @Option(names = "--priority", description = "Its priority, 0 (most urgent) to 9.")
  private String priority = "";

  @Option(names = "--delay", description = "Start it so much later, for example PT30S.")
  private String delay = "";

  @Option(names = "--key", description = "Its idempotency key.")
  private String key = "";

  @Option(names = "--wait", description = "Wait until all have ended; exit 1 when one ended badly.")
  private boolean wait;

  /** Prints to this context. */
  public SubmitCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (file.isEmpty() == type.isEmpty()) {
      throw new CliFailure(ExitCodes.USAGE, "give either a file or --type");
    }
    ServerClient client = server.client(context);
    List<Document> accepted = type.isEmpty() ? batch(client) : List.of(single(client));
    if (!wait) {
      show(accepted);
      return ExitCodes.OK;
    }
    var ended = new ArrayList<Document>();
    for (Document task : accepted) {
      ended.add(awaited(client, task.textOrEmpty("id")));
    }
    show(ended);
    return ended.stream().allMatch(task -> task.textOrEmpty("state").equals("completed"))
        ? ExitCodes.OK
        : ExitCodes.TASK_FAILED;
  }

  private List<Document> batch(ServerClient client) throws IOException, InterruptedException {
    byte[] content =
        file.equals("-") ? context.in().readAllBytes() : Files.readAllBytes(Path.of(file));
    String mediaType =
        GraphFile.isLines(file, content) ? "application/x-ndjson" : "application/json";
    String answer = client.post("/v1/tasks/batch", Body.of(content, mediaType));
    return Document.parse(context.mapper(), answer).list("tasks");
  }

  private Document single(ServerClient client) throws InterruptedException {
    String answer = client.post("/v1/tasks", Body.json(document()));
    return Document.parse(context.mapper(), answer);
  }

  /** The payload goes on as it was given: numbers and the order of members stay. */
  private String document() {
    JsonMapper mapper = context.mapper();
    var members = new LinkedHashMap<String, String>();
    members.put("type", type);
    members.put("queue", queue);
    members.put("namespace", namespace);
    members.put("delay", delay);
    members.put("idempotencyKey", key);
    members.values().removeIf(String::isEmpty);
    String text = mapper.write(members).text();
    StringBuilder document = new StringBuilder(text).deleteCharAt(text.length() - 1);
    if (!priority.isEmpty()) {
      document.append(",\"priority\":").append(requireJson(mapper, "--priority", priority));
    }
    if (!payload.isEmpty()) {
      document.append(",\"payload\":").append(requireJson(mapper, "--payload", payload));
    }
    return document.append('}').toString();
  }

  private static String requireJson(JsonMapper mapper, String option, String text) {
    try {
      mapper.canonical(new Json(text));
      return text;
    } catch (IllegalArgumentException e) {
      throw new CliFailure(ExitCodes.USAGE, option + " is not JSON: " + e.getMessage());
    }
  }

  private Document awaited(ServerClient client, String id) throws InterruptedException {
    while (true) {
      String answer = client.get("/v1/tasks/" + ServerOption.encoded(id), "Prefer", "wait=60");
      Document task = Document.parse(context.mapper(), answer);
      if (task.get("finishedAt") != null) {
        return task;
      }
    }
  }

  private void show(List<Document> tasks) {
    JsonMapper mapper = context.mapper();
    List<?> members = tasks.stream().map(Document::members).toList();
    switch (server.format()) {
      case TABLE -> {
        var table = new TextTable("ID", "REF", "STATE", "ERROR");
        tasks.forEach(task -> table.row(
            task.get("id"),
            task.get("ref"),
            task.get("state"),
            TaskText.brief(task.object("error"))));
        table.lines().forEach(context::print);
      }
      case JSON ->
        context.print(mapper.write(java.util.Map.of("tasks", members)).text());
      case NDJSON -> members.forEach(task -> context.print(mapper.write(task).text()));
    }
  }
}
