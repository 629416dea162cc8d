package dev.holdfast.chaos.stage;

import dev.holdfast.chaos.trace.ClaimRow;
import dev.holdfast.chaos.trace.RunRow;
import dev.holdfast.chaos.trace.TaskRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What the tables say, read with SQL of the suite's own. */
final class Evidence {

  /** How many tasks are live, or have ended and are not in the event stream yet. */
  static final String UNTOLD = """
      SELECT (SELECT count(*) FROM chaos.place)
             + (SELECT count(*) FROM chaos.run_end WHERE xid >= chaos.horizon())
      """;

  private static final String TASKS = """
      SELECT t.id, coalesce(t.key, ''), l.type, t.max_attempts, s.state
        FROM chaos.task t JOIN chaos.lane l ON l.id = t.lane
        JOIN chaos.standing s ON s.task = t.id
      """;
  private static final String RUNS = """
      SELECT task, run, coalesce(session, 0), coalesce(assigned_v, 0), kind, final
        FROM chaos.run_end ORDER BY task, run
      """;
  private static final String CLAIMS = """
      SELECT task, version, session
        FROM chaos.claim c, unnest(c.tasks, c.versions) u(task, version) ORDER BY c.id
      """;

  private Evidence() {}

  private interface RowReader<T> {
    T read(ResultSet set) throws SQLException;
  }

  static List<TaskRow> tasks(Connection connection) throws SQLException {
    return read(
        connection,
        TASKS,
        set -> new TaskRow(
            set.getString(1), set.getString(2), set.getString(3), set.getInt(4), set.getString(5)));
  }

  static List<RunRow> runs(Connection connection) throws SQLException {
    return read(
        connection,
        RUNS,
        set -> new RunRow(
            set.getString(1),
            set.getInt(2),
            set.getLong(3),
            set.getInt(4),
            set.getInt(5),
            set.getBoolean(6)));
  }

  static List<ClaimRow> claims(Connection connection) throws SQLException {
    return read(
        connection, CLAIMS, set -> new ClaimRow(set.getString(1), set.getInt(2), set.getLong(3)));
  }

  private static <T> List<T> read(Connection connection, String query, RowReader<T> reader)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(query)) {
      while (set.next()) {
        rows.add(reader.read(set));
      }
    }
    return rows;
  }
}
