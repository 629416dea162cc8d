package dev.holdfast.duckdb.node;

import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Outlook.Duty;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.writer.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What there is to look for, in one statement. Nobody leads, and no process is another's. */
final class Outlooks {

  private Outlooks() {}

  private static final String OUTLOOK = """
      SELECT (SELECT list(id ORDER BY id) FROM session WHERE ended_us IS NULL) AS live,
             EXISTS (SELECT 1 FROM held) AS busy,
             EXISTS (SELECT 1 FROM ready) AS pending,
             least((SELECT min(due_us) FROM scheduled),
                   (SELECT min(wake_us) FROM suspended)) AS promote_us,
             (SELECT min(expires_us) FROM expiry) AS expire_us,
             (SELECT min(heartbeat_us + ttl_us)
                FROM session
               WHERE ended_us IS NULL
                 AND id <> :session) AS reclaim_us,
             CASE WHEN EXISTS (SELECT 1 FROM deferred) THEN CAST(:now AS BIGINT) END AS work_off_us
      """;

  static Outlook of(Transaction tx, SessionId session, Instant now) {
    return tx.handle()
        .createQuery(OUTLOOK)
        .bind("session", session.value())
        .bind("now", Cells.micros(now))
        .map((row, context) -> outlook(row))
        .one();
  }

  private static Outlook outlook(ResultSet row) throws SQLException {
    return new Outlook(
        null,
        Arrays.stream(Cells.list(row, "live"))
            .map(id -> new SessionId(((Number) id).longValue()))
            .toList(),
        List.of(),
        row.getBoolean("busy"),
        row.getBoolean("pending"),
        dues(row));
  }

  private static Map<Duty, Instant> dues(ResultSet row) throws SQLException {
    Map<Duty, Instant> dues = new EnumMap<>(Duty.class);
    put(dues, Duty.PROMOTE, Cells.instantOrNull(row, "promote_us"));
    put(dues, Duty.EXPIRE, Cells.instantOrNull(row, "expire_us"));
    put(dues, Duty.RECLAIM, Cells.instantOrNull(row, "reclaim_us"));
    put(dues, Duty.WORK_OFF, Cells.instantOrNull(row, "work_off_us"));
    return dues;
  }

  private static void put(Map<Duty, Instant> dues, Duty duty, @Nullable Instant at) {
    if (at != null) {
      dues.put(duty, at);
    }
  }
}
