package dev.holdfast.postgres.tx;

import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Place.Lease;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import dev.holdfast.postgres.tx.Positions.Position;
import dev.holdfast.postgres.tx.Positions.Start;
import dev.holdfast.postgres.tx.Shares.Share;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Hands out pending tasks in one statement, from where the last claim found some. */
record Claims(Handle handle, Positions positions) {

  // Waits for the earlier try, which locks the session FOR KEY SHARE until it is committed: what it
  // takes is skipped here, and its claim is not to be seen yet.
  private static final String AWAIT_TRY = "SELECT id FROM session WHERE id = :session FOR UPDATE";

  ClaimAnswer claim(ClaimRequest request) {
    if (request.again()) {
      handle
          .createQuery(AWAIT_TRY)
          .bind("session", request.session().value())
          .mapTo(Long.class)
          .list();
    }
    List<Start> starts = positions.of(request.lanes());
    ClaimAnswer answer = claim(request, starts);
    boolean fromHead = starts.stream().allMatch(Start::isHead);
    if (fromHead
        || !(answer instanceof ClaimAnswer.Claimed none && none.assignments().isEmpty())) {
      return answer;
    }
    request.lanes().forEach(lane -> positions.forget(lane.number()));
    return claim(request, positions.of(request.lanes()));
  }

  private ClaimAnswer claim(ClaimRequest request, List<Start> starts) {
    return starts.size() == 1 ? ofOne(request, starts.getFirst()) : ofMany(request, starts);
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
           WHERE lane = :lane AND (priority, ord) >= (:priority, :ord)
             AND EXISTS (SELECT FROM s) AND NOT EXISTS (SELECT FROM b)
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
             d.v + 1 AS v, d.flags, d.late, d.priority, d.ord, t.max_attempts,
             t.flags AS task_flags, t.due_at AS first_due_at,
             CASE WHEN t.due_at IS NOT NULL THEN t.created_at END AS created_at,
             t.retry_strategy, t.retry_base, t.retry_cap, t.retry_jitter, t.non_retryable,
             t.timeout, t.expires_in, t.parent, t.key, t.ref, t.tags, t.payload
        FROM (VALUES (1)) AS one(x)
        LEFT JOIN (d CROSS JOIN c
             CROSS JOIN LATERAL (SELECT * FROM task WHERE id = d.task OFFSET 0) t) ON true
       ORDER BY d.priority, d.ord, d.task
      """;

  private ClaimAnswer ofOne(ClaimRequest request, Start start) {
    Query query = handle
        .createQuery(ONE_LANE)
        .bind("session", request.session().value())
        .bind("request", request.request())
        .bind("lane", start.lane())
        .bind("priority", start.position().priority())
        .bind("ord", start.position().order())
        .bind("limit", request.limit());
    return answer(request, List.of(start), query);
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
          SELECT p.c FROM unnest(:lanes, :shares, :priorities, :ords) q(lane, n, priority, ord)
           CROSS JOIN LATERAL (
             SELECT ctid AS c FROM ready r
              WHERE r.lane = q.lane AND (r.priority, r.ord) >= (q.priority, q.ord)
                AND EXISTS (SELECT FROM s) AND NOT EXISTS (SELECT FROM b)
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
             d.v + 1 AS v, d.flags, d.late, d.priority, d.ord, t.max_attempts,
             t.flags AS task_flags, t.due_at AS first_due_at,
             CASE WHEN t.due_at IS NOT NULL THEN t.created_at END AS created_at,
             t.retry_strategy, t.retry_base, t.retry_cap, t.retry_jitter, t.non_retryable,
             t.timeout, t.expires_in, t.parent, t.key, t.ref, t.tags, t.payload
        FROM (VALUES (1)) AS one(x)
        LEFT JOIN (d CROSS JOIN c
             CROSS JOIN LATERAL (SELECT * FROM task WHERE id = d.task OFFSET 0) t) ON true
       ORDER BY d.priority, d.ord, d.task
      """;

  private ClaimAnswer ofMany(ClaimRequest request, List<Start> starts) {
    List<Share> shares = new Shares(handle).of(starts, request.limit());
    Query query = handle
        .createQuery(MANY_LANES)
        .bind("session", request.session().value())
        .bind("request", request.request());
    Columns.of(query, shares)
        .ints("lanes", share -> share.start().lane())
        .ints("shares", Share::number)
        .smallints("priorities", share -> share.start().position().priority())
        .longs("ords", share -> share.start().position().order());
    return answer(request, starts, query);
  }

  private ClaimAnswer answer(ClaimRequest request, List<Start> starts, Query query) {
    Answer answer = query.execute((statement, context) -> {
      try (ResultSet set = statement.get().getResultSet()) {
        return new Reading(request, new Row(set)).answer();
      }
    });
    if (!answer.alive) {
      return new ClaimAnswer.SessionOver();
    }
    if (answer.before) {
      return again(request);
    }
    boolean mayHaveMore = answer.assignments.size() == request.limit();
    for (Start start : starts) {
      Position last = answer.last.get(start.lane());
      if (mayHaveMore && last != null) {
        positions.reached(start.lane(), start.position(), last);
      } else if (!mayHaveMore) {
        positions.forget(start.lane());
      }
    }
    return new ClaimAnswer.Claimed(answer.at, answer.assignments);
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
                  CROSS JOIN LATERAL (
                    SELECT * FROM definition WHERE id = u.given OFFSET 0) d
                  CROSS JOIN LATERAL (
                    SELECT payload FROM task WHERE id = u.given OFFSET 0) t)
               ON h.claim = c.id
       WHERE c.session = :session AND c.request = :request
       ORDER BY d.priority, d.ord, d.id
      """;

  private ClaimAnswer again(ClaimRequest request) {
    List<Map.Entry<Instant, Optional<ClaimAnswer.Assignment>>> rows = handle
        .createQuery(AGAIN)
        .bind("session", request.session().value())
        .bind("request", request.request())
        .map((set, context) -> heldStill(new Row(set)))
        .list();
    return new ClaimAnswer.Claimed(
        rows.getFirst().getKey(),
        rows.stream().flatMap(row -> row.getValue().stream()).toList());
  }

  private static Map.Entry<Instant, Optional<ClaimAnswer.Assignment>> heldStill(Row row)
      throws SQLException {
    Instant at = row.instant("at");
    if (row.optionalUuid("task") == null) {
      return Map.entry(at, Optional.empty());
    }
    return Map.entry(
        at,
        Optional.of(new ClaimAnswer.Assignment(
            Rows.definition(row, Rows.lane(row)), new Json(row.text("payload")), Rows.held(row))));
  }

  /** What the statement said. */
  private record Answer(
      boolean alive,
      boolean before,
      Instant at,
      List<ClaimAnswer.Assignment> assignments,
      Map<Integer, Position> last) {}

  /** Reads the answer: what is the same in every row is read once. */
  private static final class Reading {

    private final Map<Integer, LaneKey> lanes = new HashMap<>();
    private final Map<Integer, Position> last = new HashMap<>();
    private final SessionId session;
    private final Row row;

    Reading(ClaimRequest request, Row row) {
      request.lanes().forEach(lane -> lanes.put(lane.number(), lane.key()));
      this.session = request.session();
      this.row = row;
    }

    Answer answer() throws SQLException {
      row.set().next();
      List<ClaimAnswer.Assignment> assignments = new ArrayList<>();
      boolean alive = row.flag("alive");
      boolean before = row.flag("before");
      Instant at = row.instant("at");
      Long claim = row.optionalNumber("claim");
      if (claim != null) {
        ClaimId id = new ClaimId(claim);
        do {
          assignments.add(assignment(id));
        } while (row.set().next());
      }
      return new Answer(alive, before, at, assignments, last);
    }

    private ClaimAnswer.Assignment assignment(ClaimId claim) throws SQLException {
      Run run = Rows.run(row);
      int lane = row.integer("lane");
      LaneKey key = Objects.requireNonNull(lanes.get(lane));
      Position position = new Position(row.integer("priority"), row.number("ord"));
      last.put(lane, position);
      Instant due = row.optionalInstant("first_due_at");
      TaskDefinition definition = new TaskDefinition(
          run.task(),
          key.address(),
          position.priority(),
          Rows.policy(row),
          key.constraints(),
          Rows.identity(row),
          // Without a due time of its own a task has its order from its creation.
          due == null
              ? Instant.EPOCH.plus(position.order(), ChronoUnit.MICROS)
              : row.instant("created_at"),
          due);
      return new ClaimAnswer.Assignment(
          definition,
          new Json(row.text("payload")),
          Held.claimed(run, new Lease(claim, session, run.version())));
    }
  }
}
