package dev.holdfast.duckdb.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How far a database is, by its own tables. */
final class Levels {

  private static final Mark EMPTY = new Mark(0, 0, false);

  private Levels() {}

  // In the order of the versions that made them.
  private static final List<String> NUMBERED =
      List.of("task", "claim", "run_end", "note", "step", "removed");

  private static final String TABLES = """
      SELECT table_name
        FROM duckdb_tables()
      """;

  /** The incarnation and the newest transaction; zeros before the first migration. */
  static Mark read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Set<String> tables = tables(statement);
      if (!tables.contains("incarnation")) {
        return EMPTY;
      }
      try (ResultSet row = statement.executeQuery(select(tables))) {
        row.next();
        return new Mark(row.getLong("incarnation"), row.getLong("transaction"), false);
      }
    }
  }

  private static String select(Set<String> tables) {
    return NUMBERED.stream()
        .filter(tables::contains)
        .map(table -> "coalesce((SELECT max(xid) FROM " + table + "), 0)")
        .collect(Collectors.joining(
            ", ",
            "SELECT (SELECT max(number) FROM incarnation) AS incarnation, greatest(",
            ") AS transaction"));
  }

  private static Set<String> tables(Statement statement) throws SQLException {
    Set<String> tables = new HashSet<>();
    try (ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        tables.add(rows.getString("table_name"));
      }
    }
    return tables;
  }

  private static final String RENEW = """
      UPDATE incarnation
         SET number = CAST(hash(gen_random_uuid()) >> 1 AS BIGINT)
      """;

  /**
   * Makes it another database: it came without its mark, so it may be an old copy, and event
   * positions of later times must not mean anything in it.
   */
  static Mark renew(Connection connection, Mark level) throws SQLException {
    if (level.equals(EMPTY)) {
      return level;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(RENEW);
    }
    return read(connection);
  }
}
