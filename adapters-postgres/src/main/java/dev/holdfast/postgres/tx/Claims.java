package dev.holdfast.postgres.tx;

import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Hands out pending tasks in one statement. */
record Claims(Handle handle) {

  ClaimAnswer claim(ClaimRequest request) {
    return request.lanes().size() == 1 ? ofOne(request) : ofMany(request);
  }

  // s: a session that ends meanwhile waits for us, one that has ended gives nothing. The heartbeat
  //    is compared again after a wait, since it is on the locked row.
  // d: by position, since a row stays locked from the pick to the deletion, and a miss is harmless.
  //    Without rows of a lane there is no claim, and the answer still says whether the session is.
  private static final String ONE_LANE = """
      WITH s AS MATERIALIZED (
        SELECT id FROM session
         WHERE id = :session AND ended_at IS NULL AND heartbeat_at > clock() - ttl
           FOR KEY SHARE),
      b AS MATERIALIZED (
        SELECT id FROM claim WHERE session = :session AND request = :request),
      d AS (
        DELETE FROM ready WHERE ctid = ANY(ARRAY(
          SELECT ctid FROM ready
           WHERE lane = :lane AND EXISTS (SELECT FROM s) AND NOT EXISTS (SELECT FROM b)
             AND NOT EXISTS (SELECT FROM lane WHERE id = :lane AND paused)
           ORDER BY priority, ord, task LIMIT :limit FOR UPDATE SKIP LOCKED))
        RETURNING *, late(xmin) AS late),
      c AS (
        INSERT INTO claim(session, request, at, tasks, versions, attempts)
        SELECT :session, :request, clock(), array_agg(task), array_agg(v + 1), array_agg(attempt)
          FROM d HAVING count(*) > 0
        RETURNING id, at),
      h AS (
        INSERT INTO held(task, run, claim, session, attempt, assigned_v, v, flags)
        SELECT task, run, c.id, :session, attempt, v + 1, v + 1, flags FROM d, c)
      SELECT EXISTS (SELECT FROM s) AS alive, EXISTS (SELECT FROM b) AS before,
             coalesce(c.at, clock()) AS at, c.id AS claim, d.task, d.lane, d.run, d.attempt,
             d.v + 1 AS v, d.flags, d.late, :session AS session, d.v + 1 AS assigned_v,
             CAST(NULL AS timestamptz) AS started_at, CAST(NULL AS timestamptz) AS deadline,
             NULL AS cancel_reason, CAST(NULL AS float8) AS percent,
             t.id, t.priority, t.max_attempts, t.flags AS task_flags, t.due_at AS first_due_at,
             t.created_at, t.retry_strategy, t.retry_base, t.retry_cap, t.retry_jitter,
             t.non_retryable, t.timeout, t.expires_in, t.parent, t.key, t.ref, t.tags, t.payload
        FROM (VALUES (1)) AS one(x)
        LEFT JOIN (d CROSS JOIN c JOIN task t ON t.id = d.task) ON true
       ORDER BY d.priority, d.ord, d.task
      """;

  private ClaimAnswer ofOne(ClaimRequest request) {
    Query query = handle
        .createQuery(ONE_LANE)
        .bind("session", request.session().value())
        .bind("request", request.request())
        .bind("lane", request.lanes().getFirst().number())
        .bind("limit", request.limit());
    return answer(request, query);
  }

  // Locks no more than each lane's share. What others took since the peek is made up by what is
  // behind.
  private static final String MANY_LANES = """
      WITH s AS MATERIALIZED (
        SELECT id FROM session
         WHERE id = :session AND ended_at IS NULL AND heartbeat_at > clock() - ttl
           FOR KEY SHARE),
      b AS MATERIALIZED (
        SELECT id FROM claim WHERE session = :session AND request = :request),
      d AS (
        DELETE FROM ready WHERE ctid = ANY(ARRAY(
          SELECT p.c FROM unnest(:lanes, :shares) q(lane, n)
           CROSS JOIN LATERAL (
             SELECT ctid AS c FROM ready r
              WHERE r.lane = q.lane AND EXISTS (SELECT FROM s) AND NOT EXISTS (SELECT FROM b)
              ORDER BY priority, ord, task LIMIT q.n FOR UPDATE SKIP LOCKED) p))
        RETURNING *, late(xmin) AS late),
      c AS (
        INSERT INTO claim(session, request, at, tasks, versions, attempts)
        SELECT :session, :request, clock(), array_agg(task), array_agg(v + 1), array_agg(attempt)
          FROM d HAVING count(*) > 0
        RETURNING id, at),
      h AS (
        INSERT INTO held(task, run, claim, session, attempt, assigned_v, v, flags)
        SELECT task, run, c.id, :session, attempt, v + 1, v + 1, flags FROM d, c)
      SELECT EXISTS (SELECT FROM s) AS alive, EXISTS (SELECT FROM b) AS before,
             coalesce(c.at, clock()) AS at, c.id AS claim, d.task, d.lane, d.run, d.attempt,
             d.v + 1 AS v, d.flags, d.late, :session AS session, d.v + 1 AS assigned_v,
             CAST(NULL AS timestamptz) AS started_at, CAST(NULL AS timestamptz) AS deadline,
             NULL AS cancel_reason, CAST(NULL AS float8) AS percent,
             t.id, t.priority, t.max_attempts, t.flags AS task_flags, t.due_at AS first_due_at,
             t.created_at, t.retry_strategy, t.retry_base, t.retry_cap, t.retry_jitter,
             t.non_retryable, t.timeout, t.expires_in, t.parent, t.key, t.ref, t.tags, t.payload
        FROM (VALUES (1)) AS one(x)
        LEFT JOIN (d CROSS JOIN c JOIN task t ON t.id = d.task) ON true
       ORDER BY d.priority, d.ord, d.task
      """;

  private ClaimAnswer ofMany(ClaimRequest request) {
    List<Map.Entry<Integer, Integer>> shares =
        List.copyOf(new Shares(handle).of(request.lanes(), request.limit()).entrySet());
    Query query = handle
        .createQuery(MANY_LANES)
        .bind("session", request.session().value())
        .bind("request", request.request());
    Columns.of(query, shares).ints("lanes", Map.Entry::getKey).ints("shares", Map.Entry::getValue);
    return answer(request, query);
  }

  private ClaimAnswer answer(ClaimRequest request, Query query) {
    List<Claimed> rows = claimed(request, query);
    Claimed first = rows.getFirst();
    if (!first.alive) {
      return new ClaimAnswer.SessionOver();
    }
    return first.before ? again(request) : given(first.at, rows);
  }

  // A claim whose answer was lost may be asked for with other lanes, so each task brings its own.
  private static final String AGAIN = """
      SELECT true AS alive, true AS before, c.at, false AS late, h.task, h.run, h.claim, h.session,
             h.attempt, h.assigned_v, h.v, h.flags, h.started_at, h.deadline, h.cancel_reason,
             h.percent, h.message, d.id, d.lane, d.ns, d.queue, d.type, d.needs, d.priority,
             d.max_attempts, d.task_flags, d.first_due_at, d.created_at, d.retry_strategy,
             d.retry_base, d.retry_cap, d.retry_jitter, d.non_retryable, d.timeout, d.expires_in,
             d.parent, d.key, d.ref, d.tags, t.payload
        FROM claim c
        LEFT JOIN (unnest(c.tasks) AS u(given)
                   JOIN held h ON h.task = u.given
                   JOIN definition d ON d.id = u.given
                   JOIN task t ON t.id = u.given)
               ON h.claim = c.id
       WHERE c.session = :session AND c.request = :request
       ORDER BY d.priority, d.ord, d.id
      """;

  private ClaimAnswer again(ClaimRequest request) {
    List<Claimed> rows = handle
        .createQuery(AGAIN)
        .bind("session", request.session().value())
        .bind("request", request.request())
        .map((set, context) -> claimed(new Row(set), Rows::lane))
        .list();
    return given(rows.getFirst().at, rows);
  }

  private static ClaimAnswer given(Instant at, List<Claimed> rows) {
    List<ClaimAnswer.Assignment> assignments =
        rows.stream().map(Claimed::assignment).filter(Objects::nonNull).toList();
    return new ClaimAnswer.Claimed(at, assignments);
  }

  private static List<Claimed> claimed(ClaimRequest request, Query query) {
    Map<Integer, LaneKey> lanes = new HashMap<>();
    request.lanes().forEach(lane -> lanes.put(lane.number(), lane.key()));
    LaneOf laneOf = row -> Objects.requireNonNull(lanes.get(row.integer("lane")));
    return query.map((set, context) -> claimed(new Row(set), laneOf)).list();
  }

  private static Claimed claimed(Row row, LaneOf laneOf) throws SQLException {
    boolean empty = row.optionalUuid("task") == null;
    return new Claimed(
        row.flag("alive"),
        row.flag("before"),
        row.instant("at"),
        empty ? null : assignment(row, laneOf));
  }

  private static ClaimAnswer.Assignment assignment(Row row, LaneOf laneOf) throws SQLException {
    Held held = Rows.held(row);
    return new ClaimAnswer.Assignment(
        Rows.definition(row, laneOf.read(row)), new Json(row.text("payload")), held);
  }

  /** The lane of a row. */
  private interface LaneOf {
    LaneKey read(Row row) throws SQLException;
  }

  /** A row of the answer; the only one has no assignment when nothing was given. */
  private record Claimed(
      boolean alive, boolean before, Instant at, ClaimAnswer.@Nullable Assignment assignment) {}
}
