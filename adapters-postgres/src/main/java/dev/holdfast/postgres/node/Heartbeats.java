package dev.holdfast.postgres.node;

import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Outlook.Duty;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** A heartbeat, and all that is looked for at intervals, in one statement. */
final class Heartbeats {

  private Heartbeats() {}

  /**
   * Who beats.
   *
   * @param mark the connection that tells of its life; null when there is none
   * @param connection the only process of the server that may answer, that which has the exclusive
   *     lock; null for a session that has none
   * @param looks whether it looks at the places too; otherwise what may be there counts as there
   */
  record Beating(
      SessionId session, @Nullable Backend mark, @Nullable Integer connection, boolean looks) {}

  // f: a renewal that would have to wait is left alone, since a heartbeat waits for nobody.
  // Places are looked at from their newest end, since dead rows gather at the oldest.
  // What others see of this very statement is not in its snapshot: the lead as it was is
  // overwritten by what r says, and of sessions only the others are looked at.
  private static final String BEAT = """
      WITH f AS MATERIALIZED (
        SELECT one FROM lead
         WHERE term = CAST(:term AS bigint) AND incarnation = CAST(:incarnation AS bigint)
           AND incarnation = incarnation() AND expires_at > clock()
           AND EXISTS (SELECT FROM session WHERE id = lead.session AND ended_at IS NULL)
           FOR NO KEY UPDATE SKIP LOCKED),
      r AS (
        UPDATE lead l SET expires_at = clock() + CAST(:lease AS interval)
          FROM f WHERE l.one = f.one
        RETURNING l.expires_at),
      b AS (
        UPDATE session
           SET heartbeat_at = clock(), free_slots = :freeSlots, draining = :draining,
               backend_pid = :pid, backend_start = CAST(:backendStart AS timestamptz)
         WHERE id = :session AND ended_at IS NULL
           AND coalesce(CAST(:connection AS int), pg_backend_pid()) = pg_backend_pid()
        RETURNING id, heartbeat_at, ttl),
      l AS (
        SELECT l.incarnation, l.term, l.session, s.node, s.address, l.since,
               coalesce((SELECT expires_at FROM r), l.expires_at) AS expires_at
          FROM lead l JOIN session s ON s.id = l.session AND s.ended_at IS NULL
         WHERE l.incarnation = incarnation())
      SELECT b.heartbeat_at AS now,
             ARRAY(SELECT task || ' ' || run FROM held
                    WHERE session = b.id AND cancel_reason IS NOT NULL ORDER BY task) AS asked,
             ARRAY(SELECT task || ' ' || run FROM run_end
                    WHERE session = b.id AND kind IN (5, 6) AND ended_at > b.heartbeat_at - b.ttl
                    ORDER BY ended_at, task) AS revoked,
             EXISTS (SELECT FROM r) AS renewed,
             l.incarnation, l.term, l.session, l.node, l.address, l.since, l.expires_at,
             ARRAY(SELECT id FROM session WHERE ended_at IS NULL ORDER BY id) AS live,
             ARRAY(SELECT v.id FROM (""" + SessionRows.VANISHED + """
      ) v WHERE v.id <> b.id) AS vanished,
             NOT :looks OR (SELECT true FROM held ORDER BY task DESC LIMIT 1) IS NOT NULL AS busy,
             NOT :looks OR (SELECT true FROM ready
                             ORDER BY lane DESC, priority DESC, ord DESC, task DESC
                             LIMIT 1) IS NOT NULL AS pending,
             CASE WHEN :leads AND :looks THEN least((SELECT min(due_at) FROM scheduled),
                                                    (SELECT min(wake_at) FROM suspended))
                  WHEN :leads THEN b.heartbeat_at END AS promote_at,
             CASE WHEN :leads AND :looks THEN (SELECT min(at) FROM expiry)
                  WHEN :leads THEN b.heartbeat_at END AS expire_at,
             CASE WHEN :leads AND (NOT :looks OR EXISTS (SELECT FROM cascade_todo))
                  THEN b.heartbeat_at END AS work_off_at,
             CASE WHEN :leads THEN (SELECT min(heartbeat_at + ttl) FROM session
                                     WHERE ended_at IS NULL AND id <> b.id) END AS reclaim_at,
             CAST(extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1e6 AS bigint)
               AS took
        FROM b LEFT JOIN l ON l.expires_at > b.heartbeat_at
      """;

  /**
   * What a heartbeat found.
   *
   * @param took how long the server looked; zero when the session is over
   */
  record Found(Pulse pulse, Duration took) {}

  static Found beat(Handle handle, Beating who, NodeLoad load, @Nullable Renewal renewal) {
    Backend mark = who.mark;
    Query query = handle
        .createQuery(BEAT)
        .bind("session", who.session.value())
        .bind("connection", who.connection)
        .bind("leads", renewal != null || who.connection != null)
        .bind("looks", who.looks)
        .bind("freeSlots", load.freeSlots())
        .bind("draining", load.draining())
        .bind("pid", mark == null ? null : (Integer) mark.pid())
        .bind("backendStart", mark == null ? null : mark.start().toString());
    return bind(query, renewal)
        .map((set, context) -> found(new Row(set)))
        .findOne()
        .orElseGet(() -> new Found(new Pulse.Over(), Duration.ZERO));
  }

  private static Query bind(Query query, @Nullable Renewal renewal) {
    return query
        .bind("term", renewal == null ? null : (Long) renewal.term().number())
        .bind("incarnation", renewal == null ? null : (Long) renewal.term().incarnation())
        .bind("lease", renewal == null ? null : renewal.lease().toString());
  }

  private static Found found(Row row) throws SQLException {
    Pulse alive = new Pulse.Alive(
        row.instant("now"),
        runs(row.texts("asked")),
        runs(row.texts("revoked")),
        row.flag("renewed"),
        new Outlook(
            lead(row),
            sessions(row.numbers("live")),
            sessions(row.numbers("vanished")),
            row.flag("busy"),
            row.flag("pending"),
            dues(row)));
    return new Found(alive, Duration.of(row.number("took"), ChronoUnit.MICROS));
  }

  private static @Nullable Leadership lead(Row row) throws SQLException {
    return row.optionalNumber("term") == null ? null : PostgresElections.leadership(row);
  }

  private static List<SessionId> sessions(List<Long> ids) {
    return ids.stream().map(SessionId::new).toList();
  }

  private static List<RunKey> runs(List<@Nullable String> keys) {
    return keys.stream().map(Heartbeats::run).toList();
  }

  private static RunKey run(@Nullable String key) {
    String[] parts = Objects.requireNonNull(key).split(" ", 2);
    return new RunKey(new TaskId(UUID.fromString(parts[0])), Integer.parseInt(parts[1]));
  }

  private static Map<Duty, Instant> dues(Row row) throws SQLException {
    Map<Duty, Instant> dues = new EnumMap<>(Duty.class);
    put(dues, Duty.PROMOTE, row.optionalInstant("promote_at"));
    put(dues, Duty.EXPIRE, row.optionalInstant("expire_at"));
    put(dues, Duty.RECLAIM, row.optionalInstant("reclaim_at"));
    put(dues, Duty.WORK_OFF, row.optionalInstant("work_off_at"));
    return dues;
  }

  private static void put(Map<Duty, Instant> dues, Duty duty, @Nullable Instant at) {
    if (at != null) {
      dues.put(duty, at);
    }
  }
}
