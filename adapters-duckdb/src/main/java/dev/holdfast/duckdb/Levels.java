package dev.holdfast.duckdb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** How far a database is, by its own tables. */
final class Levels {

  private static final Mark EMPTY = new Mark(0, 0, false);

  private Levels() {}

  private static final String IS_LAID_OUT = """
      SELECT 1
        FROM duckdb_tables()
       WHERE table_name = 'incarnation'
      """;

  private static final String READ = """
      SELECT (SELECT max(number) FROM incarnation) AS incarnation,
             greatest(coalesce((SELECT max(xid) FROM task), 0),
                      coalesce((SELECT max(xid) FROM claim), 0),
                      coalesce((SELECT max(xid) FROM run_end), 0),
                      coalesce((SELECT max(xid) FROM note), 0)) AS transaction
      """;

  /** The incarnation and the newest transaction; zeros before the first migration. */
  static Mark read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!isLaidOut(statement)) {
        return EMPTY;
      }
      try (ResultSet row = statement.executeQuery(READ)) {
        row.next();
        return new Mark(row.getLong("incarnation"), row.getLong("transaction"), false);
      }
    }
  }

  private static boolean isLaidOut(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery(IS_LAID_OUT)) {
      return rows.next();
    }
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
