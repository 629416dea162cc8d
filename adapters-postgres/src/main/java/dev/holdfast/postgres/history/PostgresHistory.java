package dev.holdfast.postgres.history;

import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The end of what is kept. */
public record PostgresHistory(Handle handle) implements History {

  private static final UUID BEFORE_ALL = new UUID(0, 0);

  @Override
  public Sweep removeEnded(Instant endedBefore, @Nullable TaskId after, int limit) {
    List<Range> whole = Range.whole(handle);
    Stretch stretch = Stretch.behind(after == null ? BEFORE_ALL : after.value(), whole);
    List<Looked> looked = look(endedBefore, stretch, limit);
    while (looked.isEmpty() && !stretch.isLast()) {
      stretch = Stretch.behind(stretch.end(), whole);
      looked = look(endedBefore, stretch, limit);
    }
    List<TaskId> ended =
        lock(looked.stream().filter(Looked::mayGo).map(Looked::task).toList());
    List<Removed> gone = ended.isEmpty() ? List.of() : gone(endedBefore, ended);
    if (!gone.isEmpty()) {
      remove(gone.stream().map(Removed::task).toList());
    }
    return new Sweep(gone, next(stretch, looked, limit));
  }

  private static @Nullable TaskId next(Stretch stretch, List<Looked> looked, int limit) {
    if (!looked.isEmpty() && !looked.getLast().isOld) {
      return null;
    }
    if (looked.size() == limit) {
      return looked.getLast().task;
    }
    return stretch.isLast() ? null : new TaskId(stretch.end());
  }

  /**
   * A task that was looked at.
   *
   * @param isOld whether it was created before the instant that it must have ended before
   */
  private record Looked(TaskId task, boolean isOld, boolean mayGo) {}

  // Without a lock: most of what an old pass meets stays.
  private static final String LOOK = """
      WITH looked AS MATERIALIZED (
        SELECT id, created_at FROM task WHERE id > :after AND id < :until ORDER BY id LIMIT :limit)
      SELECT k.id, k.created_at < CAST(:before AS timestamptz) AS old,
             coalesce(NOT s.live AND s.ended_at < CAST(:before AS timestamptz), false) AS may_go
        FROM looked k
       CROSS JOIN LATERAL (SELECT * FROM standing WHERE task = k.id OFFSET 0) s
       ORDER BY k.id
      """;

  private List<Looked> look(Instant before, Stretch stretch, int limit) {
    return handle
        .createQuery(LOOK)
        .bind("after", stretch.begin())
        .bind("until", stretch.end())
        .bind("before", before.toString())
        .bind("limit", limit)
        .map((set, context) -> looked(new Row(set)))
        .list();
  }

  private static Looked looked(Row row) throws SQLException {
    return new Looked(new TaskId(row.uuid("id")), row.flag("old"), row.flag("may_go"));
  }

  // The lock that a replay and a late dependant take too: whoever has it is let be.
  private static final String LOCK = """
      SELECT id FROM task
       WHERE id = ANY(:tasks) AND id BETWEEN :least AND :greatest
       ORDER BY id FOR UPDATE SKIP LOCKED
      """;

  private List<TaskId> lock(List<TaskId> tasks) {
    return tasks.isEmpty()
        ? tasks
        : bound(handle.createQuery(LOCK), tasks)
            .map((set, context) -> new TaskId(new Row(set).uuid("id")))
            .list();
  }

  // In a statement of its own, which sees what those did who had the lock before. What a reader of
  // the stream may not have seen yet stays too.
  private static final String GONE = """
      SELECT t.id, l.queue, s.state
        FROM unnest(:tasks) i(id)
       CROSS JOIN LATERAL (SELECT id, lane FROM task WHERE id = i.id OFFSET 0) t
        JOIN lane l ON l.id = t.lane
       CROSS JOIN LATERAL (SELECT * FROM standing WHERE task = i.id OFFSET 0) s
       WHERE NOT s.live AND s.ended_at < CAST(:before AS timestamptz)
         AND NOT EXISTS (SELECT FROM run_end r WHERE r.task = t.id AND r.xid >= horizon())
         AND NOT EXISTS (
               SELECT FROM edge d
                CROSS JOIN LATERAL (SELECT live FROM standing WHERE task = d.down OFFSET 0) s
                WHERE d.up = t.id AND s.live)
       ORDER BY t.id
      """;

  private List<Removed> gone(Instant before, List<TaskId> tasks) {
    return bound(handle.createQuery(GONE), tasks)
        .bind("before", before.toString())
        .map((set, context) -> removed(new Row(set)))
        .list();
  }

  private static Removed removed(Row row) throws SQLException {
    return new Removed(
        new TaskId(row.uuid("id")),
        new QueueName(row.text("queue")),
        TaskState.valueOf(row.text("state").toUpperCase(Locale.ROOT)));
  }

  private static final String REMOVE = """
      WITH i AS (
        DELETE FROM idem x USING task t JOIN lane l ON l.id = t.lane
         WHERE t.id = ANY(:tasks) AND t.id BETWEEN :least AND :greatest AND t.key IS NOT NULL
           AND x.ns = l.ns AND x.key = t.key AND x.task = t.id),
      n AS (DELETE FROM note
         WHERE task = ANY(:tasks) AND task BETWEEN :least AND :greatest),
      s AS (DELETE FROM step
         WHERE task = ANY(:tasks) AND task BETWEEN :least AND :greatest),
      x AS (DELETE FROM expiry WHERE task = ANY(:tasks)),
      c AS (DELETE FROM cascade_todo WHERE task = ANY(:tasks)),
      d AS (DELETE FROM edge WHERE down = ANY(:tasks) OR up = ANY(:tasks)),
      t AS (DELETE FROM task
         WHERE id = ANY(:tasks) AND id BETWEEN :least AND :greatest),
      e AS (DELETE FROM run_end
         WHERE task = ANY(:tasks) AND task BETWEEN :least AND :greatest RETURNING claim, xid)
      SELECT CAST(max(xid) AS bigint) AS newest,
             coalesce(array_agg(DISTINCT claim) FILTER (WHERE claim IS NOT NULL), '{}') AS claims
        FROM e
      """;

  // Later: only then are the tasks gone that a claim may still name.
  private static final String REMOVE_CLAIMS = """
      DELETE FROM claim c
       WHERE c.id = ANY(CAST(:claims AS bigint[]))
         AND NOT EXISTS (SELECT FROM unnest(c.tasks) u(id)
                CROSS JOIN LATERAL (SELECT FROM task WHERE id = u.id OFFSET 0) t)
      """;
  private static final String MOVE_START = """
      UPDATE stream_start SET xid = :newest + 1 WHERE xid <= :newest
      """;

  private void remove(List<TaskId> tasks) {
    Facts facts = bound(handle.createQuery(REMOVE), tasks)
        .map((set, context) -> new Facts(new Row(set).number("newest"), set.getString("claims")))
        .one();
    handle.createUpdate(REMOVE_CLAIMS).bind("claims", facts.claims).execute();
    moveStart(handle, facts.newest);
  }

  /** Lets the event stream begin behind a transaction. */
  static void moveStart(Handle handle, long newest) {
    handle.createUpdate(MOVE_START).bind("newest", newest).execute();
  }

  /** The newest transaction of what was removed, and the claims it belonged to, as a literal. */
  private record Facts(long newest, String claims) {}

  private static final String REMOVE_SESSIONS = """
      DELETE FROM session WHERE id = ANY(ARRAY(
        SELECT s.id FROM session s
         WHERE s.ended_at < CAST(:before AS timestamptz)
           AND NOT EXISTS (SELECT FROM claim c WHERE c.session = s.id)
           AND NOT EXISTS (SELECT FROM lead WHERE lead.session = s.id)
         ORDER BY s.id LIMIT :limit FOR UPDATE OF s SKIP LOCKED))
      """;

  @Override
  public int removeSessions(Instant endedBefore, int limit) {
    return handle
        .createUpdate(REMOVE_SESSIONS)
        .bind("before", endedBefore.toString())
        .bind("limit", limit)
        .execute();
  }

  private static Query bound(Query query, List<TaskId> tasks) {
    Columns.of(query, tasks).uuids("tasks", TaskId::value).uuidBounds(TaskId::value);
    return query;
  }
}
