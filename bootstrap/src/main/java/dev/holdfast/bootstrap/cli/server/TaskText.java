package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.bootstrap.log.Escapes;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.terminal.Terminal;
import dev.holdfast.bootstrap.terminal.Terminal.Color;
import dev.holdfast.bootstrap.terminal.TextTable;
import java.util.List;
import java.util.Map;

/** Shows tasks to people. */
final class TaskText {

  private TaskText() {}

  /** A table of tasks. */
  static List<String> table(List<Document> tasks, Terminal terminal) {
    var table = new TextTable("ID", "STATE", "TYPE", "QUEUE", "ATTEMPT", "CREATED", "ERROR");
    tasks.forEach(task -> table.row(
        task.get("id"),
        task.get("state"),
        task.get("type"),
        task.get("queue"),
        task.get("attempt") + "/" + task.get("maxAttempts"),
        task.get("createdAt"),
        brief(task.object("error"))));
    List<String> lines = table.lines();
    return java.util.stream.IntStream.range(0, lines.size())
        .mapToObj(i -> i == 0 ? lines.get(0) : colored(lines.get(i), tasks.get(i - 1), terminal))
        .toList();
  }

  /** All members of one object, a line each, those of objects inside with their path. */
  static List<String> members(Document document) {
    var table = new TextTable();
    add(table, "", document.members());
    return table.lines();
  }

  private static void add(TextTable table, String path, Map<?, ?> members) {
    members.forEach((name, value) -> {
      if (value instanceof Map<?, ?> inside && !inside.isEmpty()) {
        add(table, path + name + ".", inside);
      } else {
        table.row(path + name, value);
      }
    });
  }

  /** A state in its colour. */
  static String colored(String line, Document task, Terminal terminal) {
    String state = task.textOrEmpty("state");
    return line.replaceFirst(
        "\\b" + state + "\\b",
        java.util.regex.Matcher.quoteReplacement(terminal.color(color(state), state)));
  }

  private static Color color(String state) {
    return switch (state) {
      case "completed" -> Color.GREEN;
      case "failed", "timed_out" -> Color.RED;
      case "cancelled" -> Color.YELLOW;
      default -> Color.GREY;
    };
  }

  /** An error on part of a line. */
  static String brief(Document error) {
    String type = error.textOrEmpty("type");
    String message = Escapes.plain(error.textOrEmpty("message"));
    String text = type + (message.isEmpty() ? "" : ": " + message);
    return text.length() <= 80 ? text : text.substring(0, 79) + "…";
  }
}
