package dev.holdfast.duckdb.history;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.EdgeRows;
import dev.holdfast.duckdb.row.EndRows;
import dev.holdfast.duckdb.row.PlaceRows;
import dev.holdfast.duckdb.row.TaskRows;
import dev.holdfast.duckdb.writer.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The end of what is kept. */
public record DuckHistory(Transaction tx) implements History {

  private static final UUID BEFORE_ALL = new UUID(0, 0);

  @Override
  public Sweep removeEnded(Instant endedBefore, @Nullable TaskId after, int limit) {
    List<Looked> looked = look(after == null ? BEFORE_ALL : after.value(), limit);
    Map<TaskId, RunEnd> ends = ended(looked, endedBefore);
    ends.keySet().removeAll(neededByLiveTasks(ends.keySet()));
    List<Removed> gone = looked.stream()
        .filter(one -> ends.containsKey(one.task))
        .map(one -> new Removed(
            one.task, tx.lanes().key(one.lane).address().queue(), state(ends, one.task)))
        .toList();
    if (!gone.isEmpty()) {
      remove(gone.stream().map(Removed::task).toList());
    }
    return new Sweep(gone, next(looked, endedBefore, limit));
  }

  private static TaskState state(Map<TaskId, RunEnd> ends, TaskId task) {
    return Objects.requireNonNull(ends.get(task)).state();
  }

  private static @Nullable TaskId next(List<Looked> looked, Instant before, int limit) {
    boolean isOver = looked.size() < limit || !looked.getLast().createdAt.isBefore(before);
    return isOver ? null : looked.getLast().task;
  }

  private record Looked(TaskId task, int lane, Instant createdAt) {}

  // By the time in the id first, which leaves out the row groups of other times.
  private static final String LOOK = """
      SELECT id, lane, created_us
        FROM task
       WHERE born_ms >= :afterMs
         AND id > CAST(:after AS UUID)
       ORDER BY born_ms, id
       LIMIT :limit
      """;

  private List<Looked> look(UUID after, int limit) {
    return tx.handle()
        .createQuery(LOOK)
        .bind("afterMs", after.getMostSignificantBits() >>> 16)
        .bind("after", after.toString())
        .bind("limit", limit)
        .map((row, context) -> looked(row))
        .list();
  }

  private static Looked looked(ResultSet row) throws SQLException {
    return new Looked(Cells.task(row, "id"), row.getInt("lane"), Cells.instant(row, "created_us"));
  }

  /** The last ends of those that have no place and ended before. */
  private Map<TaskId, RunEnd> ended(List<Looked> looked, Instant before) {
    List<TaskId> tasks = looked.stream().map(Looked::task).toList();
    Set<TaskId> live = live(tasks);
    return EndRows.ofTasks(tx.handle(), tasks, false).stream()
        .filter(end -> end.terminal() && !live.contains(end.task()))
        .collect(toMap(RunEnd::task, end -> end, (newest, older) -> newest))
        .values()
        .stream()
        .filter(end -> end.endedAt().isBefore(before))
        .collect(toMap(RunEnd::task, end -> end));
  }

  private Set<TaskId> live(Collection<TaskId> tasks) {
    return tasks.isEmpty()
        ? Set.of()
        : PlaceRows.find(tx.handle(), tasks).stream().map(PlaceRows.Row::task).collect(toSet());
  }

  private Set<TaskId> neededByLiveTasks(Set<TaskId> tasks) {
    List<Edge> edges = EdgeRows.downstream(tx.handle(), tasks, null, Integer.MAX_VALUE);
    Set<TaskId> live = live(edges.stream().map(Edge::downstream).collect(toSet()));
    return edges.stream()
        .filter(edge -> live.contains(edge.downstream()))
        .map(Edge::upstream)
        .collect(toSet());
  }

  private record Ended(long xid, @Nullable Long claim) {}

  private static final String REMOVE_ENDS = """
      DELETE FROM run_end
       USING (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) gone
       WHERE run_end.born_ms = gone.born_ms
         AND run_end.task = gone.task
      RETURNING run_end.xid, run_end.claim
      """;

  private static final List<String> REMOVE_REST = List.of("""
      DELETE FROM task
       USING (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS id) gone
       WHERE task.born_ms = gone.born_ms
         AND task.id = gone.id
      """, """
      DELETE FROM note
       USING (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) gone
       WHERE note.born_ms = gone.born_ms
         AND note.task = gone.task
      """, """
      DELETE FROM step
       USING (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) gone
       WHERE step.born_ms = gone.born_ms
         AND step.task = gone.task
      """, """
      DELETE FROM edge
       USING (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) gone
       WHERE edge.upstream_ms = gone.born_ms
         AND edge.upstream = gone.task
      """, """
      DELETE FROM edge
       USING (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) gone
       WHERE edge.downstream_ms = gone.born_ms
         AND edge.downstream = gone.task
      """, """
      DELETE FROM expiry
       USING (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) gone
       WHERE expiry.task = gone.task
      """, """
      DELETE FROM deferred
       USING (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) gone
       WHERE deferred.upstream = gone.task
      """, """
      DELETE FROM idempotency
       USING (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) gone
       WHERE idempotency.task = gone.task
      """);

  private void remove(List<TaskId> tasks) {
    List<Ended> ends = Columns.bindTasks(tx.handle().createQuery(REMOVE_ENDS), tasks)
        .map((row, context) -> new Ended(row.getLong("xid"), Cells.longOrNull(row, "claim")))
        .list();
    for (String statement : REMOVE_REST) {
      Columns.bindTasks(tx.handle().createUpdate(statement), tasks).execute();
    }
    Set<Long> claims = new HashSet<>();
    ends.stream().filter(end -> end.claim != null).forEach(end -> claims.add(end.claim));
    long newestClaim = removeClaims(claims);
    long newest = ends.stream().mapToLong(Ended::xid).max().orElse(0);
    forget(newest, newestClaim, 0);
    tx.removed(newest);
  }

  private record Claim(long id, List<TaskId> tasks) {}

  private static final String CLAIMS = """
      SELECT id, tasks
        FROM claim
       WHERE id IN (SELECT unnest(:claims))
      """;

  private static final String REMOVE_CLAIMS = """
      DELETE FROM claim
       WHERE id IN (SELECT unnest(:claims))
      """;

  /** Removes those whose tasks are all gone; answers the greatest of their numbers. */
  private long removeClaims(Set<Long> claims) {
    List<Claim> found = tx.handle()
        .createQuery(CLAIMS)
        .bind("claims", Columns.longs(claims, id -> id))
        .map((row, context) -> new Claim(row.getLong("id"), tasks(row)))
        .list();
    Set<TaskId> named = found.stream().flatMap(claim -> claim.tasks.stream()).collect(toSet());
    Set<TaskId> left = named.isEmpty() ? Set.of() : TaskRows.existing(tx.handle(), named);
    List<Long> empty = found.stream()
        .filter(claim -> claim.tasks.stream().noneMatch(left::contains))
        .map(Claim::id)
        .toList();
    if (!empty.isEmpty()) {
      tx.handle()
          .createUpdate(REMOVE_CLAIMS)
          .bind("claims", Columns.longs(empty, id -> id))
          .execute();
    }
    return empty.stream().mapToLong(id -> id).max().orElse(0);
  }

  private static List<TaskId> tasks(ResultSet row) throws SQLException {
    return Arrays.stream(Cells.list(row, "tasks"))
        .map(id -> new TaskId((UUID) id))
        .toList();
  }

  private static final String FORGET = """
      UPDATE removed
         SET xid = greatest(xid, :xid),
             claim = greatest(claim, :claim),
             session = greatest(session, :session)
      """;

  private void forget(long xid, long claim, long session) {
    tx.handle()
        .createUpdate(FORGET)
        .bind("xid", xid)
        .bind("claim", claim)
        .bind("session", session)
        .execute();
  }

  private static final String REMOVE_SESSIONS = """
      DELETE FROM session
       WHERE id IN (
             SELECT id
               FROM session
              WHERE ended_us < :before
                AND id NOT IN (SELECT session FROM claim)
              ORDER BY id
              LIMIT :limit)
      RETURNING id
      """;

  @Override
  public int removeSessions(Instant endedBefore, int limit) {
    List<Long> gone = tx.handle()
        .createQuery(REMOVE_SESSIONS)
        .bind("before", Cells.micros(endedBefore))
        .bind("limit", limit)
        .map((row, context) -> row.getLong("id"))
        .list();
    if (!gone.isEmpty()) {
      forget(0, 0, gone.stream().mapToLong(id -> id).max().orElse(0));
    }
    return gone.size();
  }
}
