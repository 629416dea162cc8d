package dev.holdfast.testkit.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Copies one task that the engine has taken, by SQL: a million in seconds. Belongs to one thread.
 */
public final class Copies {

  private static final int STEP = 500_000;

  // A thousandth of a second apart, as ids that the engine makes are ordered by time; and as those
  // scattered in the rest, since whatever hashes a counter of it finds all of them in one place.
  private static final String IDS = """
      SELECT i, CAST(h || '7' || left(m, 3) || '8' || right(m, 15) AS uuid) AS id,
             to_timestamp((first + i) / 1000.0) AS at, (first + i) * 1000 AS ord
        FROM (SELECT CAST(? AS bigint) AS first) f,
             generate_series(CAST(? AS bigint), CAST(? AS bigint)) i,
             LATERAL (SELECT lpad(to_hex(first + i), 12, '0') AS h,
                             md5(CAST(i AS text)) AS m) x
      """;

  private static final String PENDING = """
      WITH i AS (%s),
      t AS (
        INSERT INTO task(id, lane, priority, ord, max_attempts, flags, created_at, payload)
        SELECT i.id, m.lane, m.priority, i.ord, m.max_attempts, m.flags, i.at, CAST(i.i AS text)
          FROM i, (SELECT * FROM task ORDER BY id DESC LIMIT 1) m
        RETURNING id, lane, priority, ord)
      INSERT INTO ready(lane, priority, ord, task, run, attempt, v, flags)
      SELECT t.lane, t.priority, t.ord, t.id, r.run, r.attempt, r.v, r.flags
        FROM t, (SELECT * FROM ready LIMIT 1) r
      """.formatted(IDS);

  private static final String COMPLETED = """
      WITH i AS (%s),
      t AS (
        INSERT INTO task(id, lane, priority, ord, max_attempts, flags, created_at, payload)
        SELECT i.id, m.lane, m.priority, i.ord, m.max_attempts, m.flags, i.at, '0'
          FROM i, (SELECT * FROM task ORDER BY id DESC LIMIT 1) m),
      c AS (
        INSERT INTO claim(session, request, at, tasks, versions, attempts)
        SELECT 0, min(i), min(at), array_agg(id), array_agg(2), array_agg(CAST(1 AS smallint))
          FROM i GROUP BY i / 500
        RETURNING id)
      INSERT INTO run_end(task, run, claim, session, assigned_v, kind, final, attempt, v, started_v,
             started_at, ended_at, result)
      SELECT i.id, 1, (SELECT min(id) FROM c), 0, 2, 1, true, 1, 4, 3, i.at, i.at, 'null' FROM i
      """.formatted(IDS);

  private final Connection connection;

  /** On a connection in autocommit mode whose search path is the engine's schema. */
  public Copies(Connection connection) {
    this.connection = connection;
  }

  /** So many pending tasks like the one that is pending, which carry 1 to {@code count}. */
  public void pending(int count) throws SQLException {
    copy(PENDING, 1_700_000_000_000L, count);
  }

  /** So many completed tasks like the newest one. */
  public void completed(int count) throws SQLException {
    copy(COMPLETED, 1_600_000_000_000L, count);
  }

  private void copy(String sql, long firstMillis, int count) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int from = 1; from <= count; from += STEP) {
        statement.setLong(1, firstMillis);
        statement.setLong(2, from);
        statement.setLong(3, Math.min(count, from + STEP - 1));
        statement.executeUpdate();
      }
    }
  }
}
