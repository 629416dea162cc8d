package dev.holdfast.postgres.tx;

import dev.holdfast.domain.port.tx.Places;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import dev.holdfast.postgres.tx.Positions.Position;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/** The places where live tasks wait. Rows are locked in the order of their tasks. */
public record PostgresPlaces(Handle handle, Positions positions) implements Places {

  private static final Comparator<Place> BY_TASK =
      Comparator.comparing(place -> place.run().task());

  @Override
  public void put(Collection<? extends Place> places) {
    if (places.stream().anyMatch(Place.Held.class::isInstance)) {
      throw new IllegalArgumentException("only a claim holds");
    }
    ready(only(Place.Ready.class, places));
    scheduled(only(Place.Scheduled.class, places));
    blocked(only(Place.Blocked.class, places));
    suspended(only(Place.Suspended.class, places));
  }

  private static <P extends Place> List<P> only(Class<P> kind, Collection<? extends Place> places) {
    return places.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .sorted(BY_TASK)
        .toList();
  }

  // The key is known from the task row and the same for its whole life.
  private static final String READY = """
      WITH p AS (
        INSERT INTO ready(lane, priority, ord, task, run, attempt, v, flags)
        SELECT t.lane, t.priority, t.ord, t.id, i.run, i.attempt, i.v, i.flags
          FROM unnest(:tasks, :runs, :attempts, :versions, :flags) i(task, run, attempt, v, flags)
         CROSS JOIN LATERAL (
           SELECT id, lane, priority, ord FROM task WHERE id = i.task OFFSET 0) t
        RETURNING lane, priority, ord)
      SELECT DISTINCT ON (lane) lane, priority, ord, CAST(count(*) OVER () AS int) AS n
        FROM p ORDER BY lane, priority, ord
      """;

  private void ready(List<Place.Ready> places) {
    if (places.isEmpty()) {
      return;
    }
    Query query = handle.createQuery(READY);
    bindRuns(query, places);
    int put =
        query.map((set, context) -> first(new Row(set))).stream().findAny().orElse(0);
    if (put != places.size()) {
      throw new IllegalStateException((places.size() - put) + " tasks to put do not exist");
    }
  }

  /** What a lane has got first, for its next claim; how many tasks were put into all of them. */
  private int first(Row row) throws SQLException {
    positions.put(row.integer("lane"), new Position(row.integer("priority"), row.number("ord")));
    return row.integer("n");
  }

  private static final String SCHEDULED = """
      INSERT INTO scheduled(task, lane, due_at, run, attempt, v, flags)
      SELECT task, (SELECT lane FROM task WHERE id = i.task), due_at, run, attempt, v, flags
        FROM unnest(:tasks, :dueAts, :runs, :attempts, :versions, :flags)
             i(task, due_at, run, attempt, v, flags)
      """;

  private void scheduled(List<Place.Scheduled> places) {
    if (!places.isEmpty()) {
      Update update = handle.createUpdate(SCHEDULED);
      bindRuns(update, places);
      Columns.of(update, places).instants("dueAts", Place.Scheduled::dueAt);
      update.execute();
    }
  }

  private static final String BLOCKED = """
      INSERT INTO blocked(task, lane, open, run, attempt, v, flags)
      SELECT task, (SELECT lane FROM task WHERE id = i.task), open, run, attempt, v, flags
        FROM unnest(:tasks, :open, :runs, :attempts, :versions, :flags)
             i(task, open, run, attempt, v, flags)
      """;

  private void blocked(List<Place.Blocked> places) {
    if (!places.isEmpty()) {
      Update update = handle.createUpdate(BLOCKED);
      bindRuns(update, places);
      Columns.of(update, places).ints("open", Place.Blocked::open);
      update.execute();
    }
  }

  private static final String SUSPENDED = """
      INSERT INTO suspended(task, lane, wake_at, run, attempt, v, flags)
      SELECT task, (SELECT lane FROM task WHERE id = i.task), wake_at, run, attempt, v, flags
        FROM unnest(:tasks, :wakeAts, :runs, :attempts, :versions, :flags)
             i(task, wake_at, run, attempt, v, flags)
      """;

  private void suspended(List<Place.Suspended> places) {
    if (!places.isEmpty()) {
      Update update = handle.createUpdate(SUSPENDED);
      bindRuns(update, places);
      Columns.of(update, places).instants("wakeAts", Place.Suspended::wakeAt);
      update.execute();
    }
  }

  private static void bindRuns(SqlStatement<?> statement, List<? extends Place> places) {
    Columns.of(statement, places.stream().map(Place::run).toList())
        .uuids("tasks", run -> run.task().value())
        .ints("runs", run -> run.key().number())
        .smallints("attempts", Run::attempt)
        .ints("versions", Run::version)
        .smallints("flags", run -> run.marks().bits());
  }

  // By key, so that a row that changed meanwhile comes back in its newest version. A task that
  // moved from one place to another meanwhile is missed in both: the caller looks again.
  private static final String TAKE_WAITING = """
      WITH i AS MATERIALIZED (
        SELECT task FROM unnest(:tasks) i(task)),
      r AS (
        DELETE FROM ready r
         USING i CROSS JOIN LATERAL (
           SELECT id, lane, priority, ord FROM task WHERE id = i.task OFFSET 0) t
         WHERE t.id = i.task
           AND r.lane = t.lane AND r.priority = t.priority AND r.ord = t.ord AND r.task = t.id
        RETURNING r.task, r.run, r.attempt, r.v, r.flags, late(r.xmin) AS late),
      s AS (
        DELETE FROM scheduled s USING i WHERE s.task = i.task RETURNING s.*, late(s.xmin) AS late),
      b AS (
        DELETE FROM blocked b USING i WHERE b.task = i.task RETURNING b.*, late(b.xmin) AS late),
      w AS (
        DELETE FROM suspended w USING i WHERE w.task = i.task RETURNING w.*, late(w.xmin) AS late)
      SELECT 1 AS place, task, run, attempt, v, flags, late, CAST(NULL AS timestamptz) AS at,
             0 AS open
        FROM r
      UNION ALL SELECT 2, task, run, attempt, v, flags, late, due_at, 0 FROM s
      UNION ALL SELECT 3, task, run, attempt, v, flags, late, NULL, open FROM b
      UNION ALL SELECT 4, task, run, attempt, v, flags, late, wake_at, 0 FROM w
      """;

  @Override
  public List<Place> takeWaiting(Collection<TaskId> tasks) {
    return bindTasks(handle.createQuery(TAKE_WAITING), tasks)
        .map((set, context) -> place(new Row(set)))
        .stream()
        .sorted(BY_TASK)
        .toList();
  }

  // The due time is asked first and once, so that the indexes are read up to it and no further.
  private static final String TAKE_DUE = """
      WITH s AS MATERIALIZED (
        SELECT task, due_at AS at FROM scheduled
         WHERE due_at <= (SELECT clock())
         ORDER BY due_at, task LIMIT :limit FOR UPDATE SKIP LOCKED),
      w AS MATERIALIZED (
        SELECT task, wake_at AS at FROM suspended
         WHERE wake_at <= (SELECT clock())
         ORDER BY wake_at, task LIMIT :limit FOR UPDATE SKIP LOCKED),
      pick AS MATERIALIZED (
        SELECT task FROM (SELECT task, at FROM s UNION ALL SELECT task, at FROM w) u
         ORDER BY at, task LIMIT :limit),
      ds AS (
        DELETE FROM scheduled s USING pick WHERE s.task = pick.task
        RETURNING s.*, late(s.xmin) AS late),
      dw AS (
        DELETE FROM suspended w USING pick WHERE w.task = pick.task
        RETURNING w.*, late(w.xmin) AS late)
      SELECT 2 AS place, task, run, attempt, v, flags, late, due_at AS at, 0 AS open FROM ds
      UNION ALL SELECT 4, task, run, attempt, v, flags, late, wake_at, 0 FROM dw
      ORDER BY at, task
      """;

  @Override
  public List<Place> takeDue(int limit) {
    return handle
        .createQuery(TAKE_DUE)
        .bind("limit", limit)
        .map((set, context) -> place(new Row(set)))
        .list();
  }

  private static Place place(Row row) throws SQLException {
    Run run = Rows.run(row);
    return switch (row.integer("place")) {
      case 1 -> new Place.Ready(run);
      case 2 -> new Place.Scheduled(run, row.instant("at"));
      case 3 -> new Place.Blocked(run, row.integer("open"));
      default -> new Place.Suspended(run, row.optionalInstant("at"));
    };
  }

  private static final String MARK = """
      WITH i AS MATERIALIZED (
        SELECT task FROM unnest(:tasks) i(task)),
      h AS (
        UPDATE held h SET flags = h.flags | :marks FROM i WHERE h.task = i.task
        RETURNING h.task),
      r AS (
        UPDATE ready r SET flags = r.flags | :marks
          FROM i CROSS JOIN LATERAL (
           SELECT id, lane, priority, ord FROM task WHERE id = i.task OFFSET 0) t
         WHERE t.id = i.task
           AND r.lane = t.lane AND r.priority = t.priority AND r.ord = t.ord AND r.task = t.id
        RETURNING r.task),
      s AS (
        UPDATE scheduled s SET flags = s.flags | :marks FROM i WHERE s.task = i.task
        RETURNING s.task),
      b AS (
        UPDATE blocked b SET flags = b.flags | :marks FROM i WHERE b.task = i.task
        RETURNING b.task),
      w AS (
        UPDATE suspended w SET flags = w.flags | :marks FROM i WHERE w.task = i.task
        RETURNING w.task)
      SELECT task FROM h UNION ALL SELECT task FROM r UNION ALL SELECT task FROM s
      UNION ALL SELECT task FROM b UNION ALL SELECT task FROM w
      """;

  @Override
  public Set<TaskId> mark(Collection<TaskId> tasks, Marks marks) {
    return bindTasks(handle.createQuery(MARK), tasks)
        .bind("marks", (short) marks.bits())
        .map((set, context) -> new TaskId(new Row(set).uuid("task")))
        .collect(Collectors.toSet());
  }

  private static final String EXPIRE_AT = """
      INSERT INTO expiry(task, at)
      SELECT task, at FROM unnest(:tasks, :instants) i(task, at)
      ON CONFLICT (task) DO UPDATE SET at = excluded.at
      """;

  @Override
  public void expireAt(Map<TaskId, Instant> instants) {
    Update update = handle.createUpdate(EXPIRE_AT);
    Columns.of(
            update,
            instants.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList())
        .uuids("tasks", entry -> entry.getKey().value())
        .instants("instants", Map.Entry::getValue);
    update.execute();
  }

  private static final String TAKE_EXPIRED = """
      WITH d AS (
        DELETE FROM expiry WHERE task = ANY(ARRAY(
          SELECT task FROM expiry WHERE at <= (SELECT clock())
           ORDER BY at, task LIMIT :limit FOR UPDATE SKIP LOCKED))
        RETURNING task, at)
      SELECT task FROM d ORDER BY at, task
      """;

  @Override
  public List<TaskId> takeExpired(int limit) {
    return handle
        .createQuery(TAKE_EXPIRED)
        .bind("limit", limit)
        .map((set, context) -> new TaskId(new Row(set).uuid("task")))
        .list();
  }

  private static <S extends SqlStatement<S>> S bindTasks(S statement, Collection<TaskId> tasks) {
    Columns.of(statement, tasks.stream().distinct().sorted().toList())
        .uuids("tasks", TaskId::value);
    return statement;
  }
}
