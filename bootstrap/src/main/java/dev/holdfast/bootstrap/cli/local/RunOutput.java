package dev.holdfast.bootstrap.cli.local;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.log.Escapes;
import dev.holdfast.bootstrap.run.RunReport;
import dev.holdfast.bootstrap.run.RunReport.Ended;
import dev.holdfast.bootstrap.run.RunReport.Failure;
import dev.holdfast.bootstrap.terminal.Terminal.Color;
import dev.holdfast.domain.task.TaskState;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what a run did. */
final class RunOutput {

  private static final int MAX_MESSAGE = 500;

  private final CliContext context;
  private final OutputFormat format;

  RunOutput(CliContext context, OutputFormat format) {
    this.context = context;
    this.format = format;
  }

  void print(String file, RunReport report) {
    switch (format) {
      case TABLE -> text(file, report);
      case JSON -> context.print(context.mapper().write(document(file, report)).text());
      case NDJSON ->
        report
            .tasks()
            .forEach(task -> context.print(context.mapper().write(line(task)).text()));
    }
  }

  private void text(String file, RunReport report) {
    Color color = report.isGood() ? Color.GREEN : Color.RED;
    String counts = report.counts().entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey().code())
        .collect(Collectors.joining(", "));
    context.print(Escapes.plain(file) + ": " + context.terminal().color(color, counts)
        + String.format(Locale.ROOT, " in %.1f s", report.elapsed().toMillis() / 1000.0));
    if (report.completedBefore() > 0) {
      context.print(report.completedBefore() + " of them had completed before");
    }
    if (report.replayed() > 0) {
      context.print(report.replayed() + " that had ended badly before were started anew");
    }
    Map<String, String> names = names(report);
    report.failures().forEach(failure -> context.print("  " + text(failure, names)));
    int more = bad(report) - report.failures().size();
    if (more > 0) {
      context.print("  … and " + more + " more");
    }
  }

  private static int bad(RunReport report) {
    return report.tasks().size() - report.counts().getOrDefault(TaskState.COMPLETED, 0);
  }

  /** The tasks that have names, by their ids: an error may name another one by its id. */
  private static Map<String, String> names(RunReport report) {
    return report.tasks().stream()
        .filter(task -> task.ref() != null)
        .collect(Collectors.toMap(
            task -> task.id().toString(), task -> String.valueOf(task.ref()), (a, b) -> a));
  }

  private static String text(Failure failure, Map<String, String> names) {
    Ended task = failure.task();
    String name = task.ref() == null ? task.id().toString() : task.ref();
    String message = Escapes.plain(names.getOrDefault(failure.message(), failure.message()));
    String brief =
        message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
    return Escapes.plain(name) + " (" + failure.type() + ") " + task.state().code()
        + " after attempt " + failure.attempts() + ": " + Escapes.plain(failure.errorType())
        + (brief.isEmpty() ? "" : ": " + brief);
  }

  private static Map<String, Object> document(String file, RunReport report) {
    var counts = new LinkedHashMap<String, Object>();
    report.counts().forEach((state, count) -> counts.put(state.code(), count));
    var members = new LinkedHashMap<String, Object>();
    members.put("file", file);
    members.put("tasks", report.tasks().size());
    members.put("states", counts);
    members.put("completedBefore", report.completedBefore());
    members.put("replayed", report.replayed());
    members.put("elapsedMillis", report.elapsed().toMillis());
    members.put("failures", report.failures().stream().map(RunOutput::failure).toList());
    return members;
  }

  private static Map<String, Object> failure(Failure failure) {
    Map<String, Object> members = line(failure.task());
    members.put("type", failure.type());
    members.put("attempts", failure.attempts());
    members.put("error", Map.of("type", failure.errorType(), "message", failure.message()));
    return members;
  }

  private static Map<String, Object> line(Ended task) {
    var members = new LinkedHashMap<String, Object>();
    members.put("position", task.position());
    members.put("id", task.id().toString());
    if (task.ref() != null) {
      members.put("ref", task.ref());
    }
    members.put("state", task.state().code());
    return members;
  }
}
