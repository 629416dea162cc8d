package dev.holdfast.bootstrap.terminal;

import dev.holdfast.bootstrap.log.Escapes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table of texts with aligned columns. Belongs to one thread. */
public final class TextTable {

  private final List<List<String>> rows = new ArrayList<>();

  /** With these headings; none for a table of names and values. */
  public TextTable(String... headings) {
    if (headings.length > 0) {
      rows.add(List.of(headings));
    }
  }

  /** Adds a row; what is null is shown as nothing, what would steer the terminal as an escape. */
  public TextTable row(@Nullable Object... cells) {
    var row = new ArrayList<String>();
    for (Object cell : cells) {
      row.add(cell == null ? "" : Escapes.plain(cell.toString()));
    }
    rows.add(row);
    return this;
  }

  /** The lines, without blanks at their ends. */
  public List<String> lines() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    rows.forEach(row -> {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    });
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
    }
    return line.toString().stripTrailing();
  }
}
