package dev.holdfast.postgres.submit;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Place.Lease;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.TaskFlags;
import dev.holdfast.postgres.tx.Positions;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Stores alike tasks and hands them to a session by the same statement, unless others wait before
 * them. They have never been pending for anybody: a row less is written and removed.
 */
record NewRuns(Handle handle, Lanes lanes, Positions positions) {

  private static final int CLAIMED = 2;

  // s: as in a claim.
  // free: nobody waits in the lane, from where the last claim found somebody.
  // The claim is not earlier than the creation, whose time is an estimate.
  private static final String INSERT = """
      WITH s AS MATERIALIZED (
        SELECT id FROM session
         WHERE id = :session AND ended_at IS NULL AND heartbeat_at > clock() - ttl
           FOR KEY SHARE),
      free AS MATERIALIZED (
        SELECT FROM s
         WHERE NOT EXISTS (SELECT FROM ready
                WHERE lane = :lane AND (priority, ord) >= (:fromPriority, :fromOrd))
           AND NOT EXISTS (SELECT FROM lane WHERE id = :lane AND paused)),
      t AS (
        INSERT INTO task(id, lane, priority, ord, max_attempts, flags, created_at, payload)
        SELECT id, :lane, :priority, :ord, :maxAttempts, :flags, :createdAt, payload
          FROM unnest(:ids, :payloads) i(id, payload)
        RETURNING id),
      r AS (
        INSERT INTO ready(lane, priority, ord, task, run, attempt, v, flags)
        SELECT :lane, :priority, :ord, id, 1, 1, 1, :flags & 255 FROM t
         WHERE NOT EXISTS (SELECT FROM free)),
      c AS (
        INSERT INTO claim(session, request, at, tasks, versions, attempts)
        SELECT :session, :request, greatest(clock(), :createdAt), array_agg(id),
               array_agg(2), array_agg(CAST(1 AS smallint))
          FROM t HAVING EXISTS (SELECT FROM free)
        RETURNING id, at),
      h AS (
        INSERT INTO held(task, run, claim, session, attempt, assigned_v, v, flags)
        SELECT t.id, 1, c.id, :session, 1, 2, 2, :flags & 255 FROM t, c)
      SELECT EXISTS (SELECT FROM s) AS alive, c.id AS claim, coalesce(c.at, clock()) AS at
        FROM (VALUES (1)) AS one(x) LEFT JOIN c ON true
      """;

  /** In the order of their ids, which is that of the answer. */
  ClaimAnswer insert(List<Birth> births, ClaimRequest request) {
    TaskDefinition first = births.getFirst().definition();
    int lane = lanes.number(first.lane());
    Positions.Position from = positions.of(lane);
    var query = handle
        .createQuery(INSERT)
        .bind("session", request.session().value())
        .bind("request", request.request())
        .bind("lane", lane)
        .bind("fromPriority", from.priority())
        .bind("fromOrd", from.order())
        .bind("priority", first.priority())
        .bind("ord", first.order())
        .bind("maxAttempts", first.policy().maxAttempts())
        .bind("flags", TaskFlags.of(births.getFirst()))
        .bind("createdAt", first.createdAt().atOffset(ZoneOffset.UTC));
    Columns.of(query, births)
        .uuids("ids", birth -> birth.definition().id().value())
        .texts("payloads", birth -> birth.payload().text());
    return query.map((set, context) -> answer(births, request, new Row(set))).one();
  }

  private static ClaimAnswer answer(List<Birth> births, ClaimRequest request, Row row)
      throws SQLException {
    if (!row.flag("alive")) {
      return new ClaimAnswer.SessionOver();
    }
    Long claim = row.optionalNumber("claim");
    if (claim == null) {
      return new ClaimAnswer.Claimed(row.instant("at"), List.of());
    }
    Lease lease = new Lease(new ClaimId(claim), request.session(), CLAIMED);
    Marks marks = new Marks(TaskFlags.of(births.getFirst()) & TaskFlags.MARKS);
    return new ClaimAnswer.Claimed(
        row.instant("at"),
        births.stream().map(birth -> assignment(birth, marks, lease)).toList());
  }

  private static ClaimAnswer.Assignment assignment(Birth birth, Marks marks, Lease lease) {
    RunKey key = new RunKey(birth.definition().id(), 1);
    return new ClaimAnswer.Assignment(
        birth.definition(), birth.payload(), Held.claimed(new Run(key, 1, CLAIMED, marks), lease));
  }
}
