package dev.holdfast.bootstrap.bench;

import dev.holdfast.bootstrap.terminal.TextTable;
import dev.holdfast.postgres.PostgresCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/** Tells results to people, or as data. */
public final class Report {

  private static final int BAR = 40;
  private static final double[] PERCENTILES = {50, 95, 99, 99.9};

  private Report() {}

  /** A table, and a chart for each scenario. */
  public static List<String> text(String title, List<Result> results) {
    List<String> lines = new ArrayList<>(List.of(title, ""));
    TextTable table = new TextTable(
        "SCENARIO",
        "TASKS",
        "SECONDS",
        "TASKS/S",
        "P50",
        "P95",
        "P99",
        "P99.9",
        "STATEMENTS",
        "ROW VERSIONS",
        "WAL BYTES");
    for (Result result : results) {
      Optional<AbstractHistogram> latencies = result.latencies();
      table.row(
          name(result),
          result.tasks(),
          String.format(Locale.ROOT, "%.2f", result.seconds()),
          String.format(Locale.ROOT, "%,.0f", result.rate()),
          millis(latencies, 0),
          millis(latencies, 1),
          millis(latencies, 2),
          millis(latencies, 3),
          perTask(result, PostgresCounts::statements, "%.3f"),
          perTask(result, PostgresCounts::rowVersions, "%.2f"),
          perTask(result, PostgresCounts::walBytes, "%.0f"));
    }
    lines.addAll(table.lines());
    lines.add("");
    lines.add(
        "Times in milliseconds; statements, row versions and WAL of the server for each task.");
    results.forEach(result -> lines.addAll(chart(result)));
    return lines;
  }

  /** The same as data; seconds and milliseconds as numbers, what is not known as null. */
  public static List<Map<String, @Nullable Object>> data(List<Result> results) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Result result : results) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("scenario", name(result));
      row.put("tasks", result.tasks());
      row.put("seconds", result.seconds());
      row.put("perSecond", result.rate());
      for (double percentile : PERCENTILES) {
        String key = "p" + String.valueOf(percentile).replace(".0", "").replace(".", "") + "Millis";
        row.put(key, result.latencies().map(all -> at(all, percentile)).orElse(null));
      }
      row.put("statementsPerTask", perTask(result, PostgresCounts::statements));
      row.put("rowVersionsPerTask", perTask(result, PostgresCounts::rowVersions));
      row.put("walBytesPerTask", perTask(result, PostgresCounts::walBytes));
      rows.add(row);
    }
    return rows;
  }

  /** How the rate went over the time: a bar for each tenth of it. */
  private static List<String> chart(Result result) {
    double slice = result.seconds() / result.progress().size();
    long most = result.progress().stream().mapToLong(Long::longValue).max().orElse(0);
    List<String> lines = new ArrayList<>(List.of("", name(result) + ", tasks/s over the time"));
    for (int part = 0; part < result.progress().size(); part++) {
      long done = result.progress().get(part);
      int length = most == 0 ? 0 : (int) Math.round((double) BAR * done / most);
      lines.add(String.format(
          Locale.ROOT,
          "%7.1f s  %-" + BAR + "s %,10.0f",
          slice * (part + 1),
          "#".repeat(length),
          done / slice));
    }
    return lines;
  }

  private static String name(Result result) {
    return result.scenario().name().toLowerCase(Locale.ROOT);
  }

  private static String millis(Optional<AbstractHistogram> latencies, int percentile) {
    return latencies
        .map(all -> String.format(Locale.ROOT, "%.2f", at(all, PERCENTILES[percentile])))
        .orElse("-");
  }

  private static double at(AbstractHistogram all, double percentile) {
    return all.getValueAtPercentile(percentile) / 1e6;
  }

  private static String perTask(Result result, Count count, String format) {
    Double each = perTask(result, count);
    return each == null ? "-" : String.format(Locale.ROOT, format, each);
  }

  private static @Nullable Double perTask(Result result, Count count) {
    return result
        .cost()
        .map(count::of)
        .map(whole -> whole.doubleValue() / result.tasks())
        .orElse(null);
  }

  /** One of the server's counts. */
  private interface Count {
    @Nullable
    Number of(PostgresCounts counts);
  }
}
