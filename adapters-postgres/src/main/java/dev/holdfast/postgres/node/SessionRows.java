package dev.holdfast.postgres.node;

import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/** The rows of sessions. */
final class SessionRows {

  private SessionRows() {}

  private static final String IS_OPEN = """
      SELECT EXISTS (SELECT FROM session WHERE id = :session AND ended_at IS NULL) AS open
      """;

  static boolean isOpen(Handle handle, SessionId session) {
    return handle
        .createQuery(IS_OPEN)
        .bind("session", session.value())
        .map((set, context) -> new Row(set).flag("open"))
        .one();
  }

  private static final String HOLDER = """
      SELECT node, started_at FROM session
       WHERE exclusive AND ended_at IS NULL ORDER BY id DESC LIMIT 1
      """;

  /** Who has the schema for himself, for people. */
  static String holder(Handle handle) {
    return handle
        .createQuery(HOLDER)
        .map((set, context) ->
            "node " + new Row(set).text("node") + " since " + new Row(set).instant("started_at"))
        .findOne()
        .orElse("a node that is just starting");
  }

  // The stronger lock waits for claims that rely on the session, and they for it.
  private static final String LOCK_EARLIER = """
      SELECT id FROM session
       WHERE ended_at IS NULL AND (node = :node OR :exclusive) ORDER BY id FOR UPDATE
      """;
  private static final String END_EARLIER = """
      UPDATE session SET ended_at = clock()
       WHERE ended_at IS NULL AND (node = :node OR :exclusive)
      """;
  private static final String OPEN = """
      INSERT INTO session(node, address, label_keys, label_values, types, slots, free_slots,
             exclusive, observer, stale_after, ttl, started_at, heartbeat_at)
      SELECT :node, :address, :labelKeys, :labelValues, :types, :slots, :slots,
             :exclusive, :observer, CAST(:staleAfter AS interval), CAST(:ttl AS interval), now, now
        FROM (SELECT clock() AS now) c
      RETURNING id, started_at
      """;

  static Opened open(Handle handle, NodeStart start) {
    handle
        .createQuery(LOCK_EARLIER)
        .bind("node", start.node().value())
        .bind("exclusive", start.exclusive())
        .map((set, context) -> new Row(set).number("id"))
        .list();
    handle
        .createUpdate(END_EARLIER)
        .bind("node", start.node().value())
        .bind("exclusive", start.exclusive())
        .execute();
    List<Map.Entry<String, String>> labels = List.copyOf(start.labels().entrySet());
    return handle
        .createQuery(OPEN)
        .bind("node", start.node().value())
        .bind("address", start.address())
        .bind("labelKeys", texts(labels.stream().map(Map.Entry::getKey).toList()))
        .bind("labelValues", texts(labels.stream().map(Map.Entry::getValue).toList()))
        .bind("types", texts(start.types().stream().map(TypeName::value).toList()))
        .bind("slots", start.slots())
        .bind("exclusive", start.exclusive())
        .bind("observer", start.mode() == NodeStart.Mode.OBSERVER)
        .bind("staleAfter", start.staleAfter().toString())
        .bind("ttl", start.timeToLive().toString())
        .map((set, context) -> opened(new Row(set)))
        .one();
  }

  private static Opened opened(Row row) throws SQLException {
    return new Opened(new SessionId(row.number("id")), row.instant("started_at"));
  }

  private static Argument texts(List<String> values) {
    return (position, statement, context) -> statement.setArray(
        position, statement.getConnection().createArrayOf("text", values.toArray()));
  }

  private static final String LOCK = "SELECT id FROM session WHERE id = :session FOR UPDATE";
  private static final String END = """
      UPDATE session SET ended_at = clock() WHERE id = :session AND ended_at IS NULL
      """;

  private static void lock(Handle handle, SessionId session) {
    handle
        .createQuery(LOCK)
        .bind("session", session.value())
        .map((set, context) -> new Row(set).number("id"))
        .list();
  }

  static int end(Handle handle, SessionId session) {
    lock(handle, session);
    return handle.createUpdate(END).bind("session", session.value()).execute();
  }

  // Sessions whose claims are under way are left for the next time.
  private static final String END_STALE = """
      WITH l AS MATERIALIZED (
        SELECT id FROM session
         WHERE ended_at IS NULL AND heartbeat_at <= clock() - ttl
         ORDER BY id FOR UPDATE SKIP LOCKED)
      UPDATE session s SET ended_at = clock() FROM l WHERE s.id = l.id
      """;

  static int endStale(Handle handle) {
    return handle.createUpdate(END_STALE).execute();
  }

  // Absence counts only when the server has been up for longer than the time to live, since a
  // restart ends every connection; only once somebody leads on this very server, since a failover
  // does the same; and only when other connections' begin can be seen at all.
  static final String VANISHED = """
      SELECT s.id FROM session s
       WHERE s.ended_at IS NULL AND s.backend_start IS NOT NULL
         AND clock_timestamp() - pg_postmaster_start_time() > s.ttl
         AND (SELECT incarnation FROM lead) = incarnation()
         AND EXISTS (SELECT FROM pg_stat_activity a
                      WHERE a.pid = pg_backend_pid() AND a.backend_start IS NOT NULL)
         AND NOT EXISTS (SELECT FROM pg_stat_activity a
                          WHERE a.pid = s.backend_pid
                            AND (a.backend_start = s.backend_start OR a.backend_start IS NULL))
       ORDER BY s.id
      """;

  static List<SessionId> vanished(Handle handle) {
    return handle
        .createQuery(VANISHED)
        .map((set, context) -> new SessionId(new Row(set).number("id")))
        .list();
  }

  /** Looks again once no heartbeat can come between the look and the end. */
  static boolean endVanished(Handle handle, SessionId session) {
    lock(handle, session);
    return vanished(handle).contains(session)
        && handle.createUpdate(END).bind("session", session.value()).execute() == 1;
  }

  private static final String LOST = """
      SELECT s.id FROM (SELECT DISTINCT session FROM held) h
        JOIN session s ON s.id = h.session AND s.ended_at IS NOT NULL
       ORDER BY s.id LIMIT :limit
      """;

  static List<SessionId> lost(Handle handle, int limit) {
    return handle
        .createQuery(LOST)
        .bind("limit", limit)
        .map((set, context) -> new SessionId(new Row(set).number("id")))
        .list();
  }
}
