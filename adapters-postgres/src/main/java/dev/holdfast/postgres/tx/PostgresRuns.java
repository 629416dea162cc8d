package dev.holdfast.postgres.tx;

import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * The runs that sessions hold. Whatever ends a run deletes its held row by key.
 *
 * <p>Statements name every column that they answer: one that answers all of a table's is refused,
 * once it is prepared on the server, after a newer program has added a column.
 */
public record PostgresRuns(Handle handle, Positions positions) implements Runs {

  private static final Comparator<Held> BY_TASK =
      Comparator.comparing(held -> held.run().task());

  @Override
  public ClaimAnswer claim(ClaimRequest request) {
    return new Claims(handle, positions).claim(request);
  }

  // A start that was recorded before has its own version and keeps its own instant.
  // h: needs no transaction around it, since it leaves alone what this statement alone cannot end:
  //    bit 1, others depend on the task; late, a younger transaction has written the row after this
  //    one began. Both are compared again, on the newest version, after a wait.
  // The answer names the runs only where not all were ended, which is rare.
  private static final String COMPLETE = """
      WITH i AS MATERIALIZED (
        SELECT task, run, queue, began_at, ended_at, result
          FROM unnest(:tasks, :runs, :queues, :beganAts, :endedAts, :results)
               i(task, run, queue, began_at, ended_at, result)),
      h AS (
        DELETE FROM held h USING i
         WHERE h.task = i.task AND h.run = i.run AND h.flags & 1 = 0 AND NOT late(h.xmin)
        RETURNING h.task, h.run, h.claim, h.session, h.assigned_v, h.attempt, h.v, h.started_at,
               i.queue, i.began_at, i.ended_at, i.result),
      e AS (
        INSERT INTO run_end(task, run, claim, session, assigned_v, kind, final, attempt,
               v, started_v, started_at, ended_at, result)
        SELECT task, run, claim, session, assigned_v, 1, true, attempt,
               CASE WHEN started_at IS NULL THEN v + 2 ELSE v + 1 END,
               CASE WHEN started_at IS NULL THEN v + 1 END,
               coalesce(started_at, began_at), ended_at, result
          FROM h),
      n AS (
        INSERT INTO stat_delta(queue, state, n, at)
        SELECT queue, 'completed', count(*), clock() FROM h GROUP BY queue)
      SELECT count(*) = (SELECT count(*) FROM i) AS whole,
             CASE WHEN count(*) < (SELECT count(*) FROM i) THEN array_agg(task) END AS tasks,
             CASE WHEN count(*) < (SELECT count(*) FROM i)
                  THEN array_agg(CAST(run AS bigint)) END AS runs
        FROM h
      """;

  @Override
  public Set<RunKey> complete(Collection<Completion> completions) {
    Query query = handle.createQuery(COMPLETE);
    Columns.of(
            query,
            completions.stream().sorted(Comparator.comparing(Completion::key)).toList())
        .uuids("tasks", completion -> completion.key().task().value())
        .ints("runs", completion -> completion.key().number())
        .texts("queues", completion -> completion.queue().value())
        .instants("beganAts", completion -> completion.outcome().beganAt())
        .instants("endedAts", completion -> completion.outcome().endedAt())
        .texts("results", completion -> completion.outcome().result().text());
    return query.map((set, context) -> ended(completions, new Row(set))).one();
  }

  private static Set<RunKey> ended(Collection<Completion> completions, Row row)
      throws SQLException {
    if (row.flag("whole")) {
      return completions.stream().map(Completion::key).collect(Collectors.toSet());
    }
    List<UUID> tasks = row.uuids("tasks");
    List<Long> runs = row.numbers("runs");
    return IntStream.range(0, tasks.size())
        .mapToObj(i -> new RunKey(new TaskId(tasks.get(i)), Math.toIntExact(runs.get(i))))
        .collect(Collectors.toSet());
  }

  private static final String TAKE = """
      DELETE FROM held h USING unnest(:tasks, :runs) i(task, run)
       WHERE h.task = i.task AND h.run = i.run
      RETURNING h.task, h.run, h.claim, h.session, h.attempt, h.assigned_v, h.v, h.flags,
             h.started_at, h.deadline, h.cancel_reason, h.percent, h.message,
             late(h.xmin) AS late
      """;

  @Override
  public List<Held> take(Collection<RunKey> keys) {
    Query query = handle.createQuery(TAKE);
    Columns.of(query, keys.stream().distinct().sorted().toList())
        .uuids("tasks", key -> key.task().value())
        .ints("runs", RunKey::number);
    return held(query);
  }

  // Once more by session: the row may have been ended and claimed anew between pick and delete.
  private static final String TAKE_OF = """
      DELETE FROM held
       WHERE task = ANY(ARRAY(
               SELECT task FROM held WHERE session = :session
                ORDER BY task LIMIT :limit FOR UPDATE SKIP LOCKED))
         AND session = :session
      RETURNING task, run, claim, session, attempt, assigned_v, v, flags, started_at, deadline,
             cancel_reason, percent, message, late(xmin) AS late
      """;

  @Override
  public List<Held> takeOf(SessionId session, int limit) {
    return held(handle.createQuery(TAKE_OF).bind("session", session.value()).bind("limit", limit));
  }

  private static final String TAKE_OVERDUE = """
      DELETE FROM held
       WHERE task = ANY(ARRAY(
               SELECT task FROM held WHERE deadline <= (SELECT clock())
                ORDER BY deadline LIMIT :limit FOR UPDATE SKIP LOCKED))
      RETURNING task, run, claim, session, attempt, assigned_v, v, flags, started_at, deadline,
             cancel_reason, percent, message, late(xmin) AS late
      """;

  @Override
  public List<Held> takeOverdue(int limit) {
    return held(handle.createQuery(TAKE_OVERDUE).bind("limit", limit));
  }

  private static final String LOCK = """
      SELECT task, run, claim, session, attempt, assigned_v, v, flags, started_at, deadline,
             cancel_reason, percent, message, late(xmin) AS late
        FROM held
       WHERE task = ANY(:tasks) ORDER BY task FOR NO KEY UPDATE
      """;

  @Override
  public List<Held> lock(Collection<TaskId> tasks) {
    Query query = handle.createQuery(LOCK);
    Columns.of(query, tasks).uuids("tasks", TaskId::value);
    return held(query);
  }

  // By place, which a locked row keeps, so that every plan looks each row up: under statistics from
  // before a hundred thousand were held, a join by task read all of them for each of the batch.
  private static final String REPLACE = """
      UPDATE held h
         SET attempt = i.attempt, v = i.v, flags = i.flags, started_at = i.started_at,
             deadline = i.deadline, cancel_reason = i.cancel_reason, percent = i.percent,
             message = i.message
        FROM unnest(:tasks, :runs, :attempts, :versions, :flags, :startedAts, :deadlines,
             :cancelReasons, :percents, :messages)
             i(task, run, attempt, v, flags, started_at, deadline, cancel_reason, percent, message)
       CROSS JOIN LATERAL (
         SELECT ctid AS place FROM held o WHERE o.task = i.task AND o.run = i.run OFFSET 0) o
       WHERE h.ctid = o.place
      """;

  @Override
  public void replace(Collection<Held> locked) {
    Update update = handle.createUpdate(REPLACE);
    Columns.of(update, locked.stream().sorted(BY_TASK).toList())
        .uuids("tasks", held -> held.run().task().value())
        .ints("runs", held -> held.run().key().number())
        .smallints("attempts", held -> held.run().attempt())
        .ints("versions", held -> held.run().version())
        .smallints("flags", held -> held.run().marks().bits())
        .instants("startedAts", Held::startedAt)
        .instants("deadlines", Held::deadline)
        .texts("cancelReasons", Held::cancelReason)
        .doubles("percents", held -> percent(held.progress()))
        .texts("messages", held -> message(held.progress()));
    update.execute();
  }

  private static @Nullable Double percent(@Nullable Progress progress) {
    return progress == null ? null : (Double) progress.percent();
  }

  private static @Nullable String message(@Nullable Progress progress) {
    return progress == null ? null : progress.message();
  }

  private static List<Held> held(Query query) {
    return query.map((set, context) -> Rows.held(new Row(set))).stream()
        .sorted(BY_TASK)
        .toList();
  }
}
