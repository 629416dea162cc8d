package dev.holdfast.duckdb.schema;

import dev.holdfast.duckdb.db.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which versions of the tables are applied, by the history that Flyway keeps. */
public final class SchemaHistory {

  /** Every version, in order: its number is its place from 1. */
  public static final List<String> DESCRIPTIONS = List.of("layout", "cluster", "steps");

  /** Flyway's own name for it. */
  public static final String TABLE = "flyway_schema_history";

  private SchemaHistory() {}

  private static final String EXISTS = """
      SELECT 1
        FROM duckdb_tables()
       WHERE table_name = 'flyway_schema_history'
      """;

  private static final String APPLIED = """
      SELECT CAST(version AS INTEGER) AS version
        FROM flyway_schema_history
       WHERE success AND version IS NOT NULL
       ORDER BY version
      """;

  /** The numbers of the applied versions, ascending. */
  public static List<Integer> applied(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!hasRows(statement, EXISTS)) {
        return List.of();
      }
      TreeSet<Integer> applied = new TreeSet<>();
      try (ResultSet rows = statement.executeQuery(APPLIED)) {
        while (rows.next()) {
          applied.add(rows.getInt("version"));
        }
      }
      return new ArrayList<>(applied);
    }
  }

  private static boolean hasRows(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  /**
   * Checks that no version is applied that this program does not know.
   *
   * @throws IllegalStateException otherwise
   */
  public static void requireKnown(List<Integer> applied) {
    if (!applied.isEmpty() && applied.get(applied.size() - 1) > DESCRIPTIONS.size()) {
      throw new IllegalStateException(
          "the tables are of version %d, this program knows up to version %d: use a newer one"
              .formatted(applied.get(applied.size() - 1), DESCRIPTIONS.size()));
    }
  }

  /**
   * Checks that the tables are those of this program.
   *
   * @throws IllegalStateException otherwise
   */
  public static void requireCurrent(Database database) throws SQLException {
    try (Connection connection = database.connectPlainly()) {
      List<Integer> applied = applied(connection);
      requireKnown(applied);
      if (applied.size() < DESCRIPTIONS.size()) {
        throw new IllegalStateException(
            "the tables are of version %d, this program needs version %d: migrate up first"
                .formatted(applied.size(), DESCRIPTIONS.size()));
      }
    }
  }
}
