package dev.holdfast.duckdb;

import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Rows of the tables where live tasks wait, written and read. */
final class PlaceRows {

  private PlaceRows() {}

  /** A place and the seat of its task. */
  record Row(Seat seat, Place place) {

    TaskId task() {
      return place.run().task();
    }
  }

  private static final String FIND = """
      SELECT 'ready' AS place, *
        FROM ready
       WHERE task IN (SELECT unnest(:tasks))
       UNION ALL BY NAME
      SELECT 'scheduled' AS place, *
        FROM scheduled
       WHERE task IN (SELECT unnest(:tasks))
       UNION ALL BY NAME
      SELECT 'blocked' AS place, *
        FROM blocked
       WHERE task IN (SELECT unnest(:tasks))
       UNION ALL BY NAME
      SELECT 'suspended' AS place, *
        FROM suspended
       WHERE task IN (SELECT unnest(:tasks))
       UNION ALL BY NAME
      SELECT 'held' AS place, *
        FROM held
       WHERE task IN (SELECT unnest(:tasks))
       ORDER BY task
      """;

  /** The places of these tasks, held ones included, by task. */
  static List<Row> find(Handle handle, Collection<TaskId> tasks) {
    return tasks.isEmpty()
        ? List.of()
        : handle
            .createQuery(FIND)
            .bind("tasks", Columns.ids(tasks, task -> task))
            .map((row, context) -> read(row))
            .list();
  }

  private static Row read(ResultSet row) throws SQLException {
    Run run = readRun(row);
    Place place = switch (Cells.text(row, "place")) {
      case "ready" -> new Place.Ready(run);
      case "scheduled" -> new Place.Scheduled(run, Cells.instant(row, "due_us"));
      case "blocked" -> new Place.Blocked(run, row.getInt("open"));
      case "suspended" -> new Place.Suspended(run, Cells.instantOrNull(row, "wake_us"));
      default -> readHeld(row, run);
    };
    return new Row(Seat.read(row), place);
  }

  static Run readRun(ResultSet row) throws SQLException {
    RunKey key = new RunKey(Cells.task(row, "task"), row.getInt("run"));
    return new Run(key, row.getInt("attempt"), row.getInt("v"), new Marks(row.getInt("flags")));
  }

  /** A row of {@code held}. */
  static Row readHeld(ResultSet row) throws SQLException {
    return new Row(Seat.read(row), readHeld(row, readRun(row)));
  }

  private static Place.Held readHeld(ResultSet row, Run run) throws SQLException {
    return new Place.Held(
        run,
        new Place.Lease(
            new ClaimId(row.getLong("claim")),
            new SessionId(row.getLong("session")),
            row.getInt("av")),
        Cells.instantOrNull(row, "started_us"),
        Cells.instantOrNull(row, "deadline_us"),
        row.getString("cancel_reason"),
        Cells.progressOrNull(row));
  }

  /** Removes rows that {@link #find} has just answered in the same transaction. */
  static void remove(Handle handle, List<Row> rows) {
    remove(handle, DELETE_READY, of(rows, Place.Ready.class));
    remove(handle, DELETE_SCHEDULED, of(rows, Place.Scheduled.class));
    remove(handle, DELETE_BLOCKED, of(rows, Place.Blocked.class));
    remove(handle, DELETE_SUSPENDED, of(rows, Place.Suspended.class));
  }

  private static List<Row> of(List<Row> rows, Class<? extends Place> type) {
    return rows.stream().filter(row -> type.isInstance(row.place())).toList();
  }

  private static final String DELETE_READY = """
      DELETE FROM ready
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static final String DELETE_SCHEDULED = """
      DELETE FROM scheduled
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static final String DELETE_BLOCKED = """
      DELETE FROM blocked
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static final String DELETE_SUSPENDED = """
      DELETE FROM suspended
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static void remove(Handle handle, String delete, List<Row> rows) {
    if (!rows.isEmpty()) {
      handle.createUpdate(delete).bind("tasks", Columns.ids(rows, Row::task)).execute();
    }
  }

  /** Puts tasks that have no place into one that is not {@link Place.Held}. */
  static void put(Handle handle, List<Row> rows) {
    putReady(handle, of(rows, Place.Ready.class));
    putScheduled(handle, of(rows, Place.Scheduled.class));
    putBlocked(handle, of(rows, Place.Blocked.class));
    putSuspended(handle, of(rows, Place.Suspended.class));
  }

  private static final String PUT_READY = """
      INSERT INTO ready (task, lane, priority, ord, run, attempt, v, flags)
      SELECT unnest(:tasks), unnest(:lanes), unnest(:priorities), unnest(:orders),
             unnest(:runs), unnest(:attempts), unnest(:versions), unnest(:flags)
      """;

  private static void putReady(Handle handle, List<Row> rows) {
    if (!rows.isEmpty()) {
      bind(handle.createUpdate(PUT_READY), rows).execute();
    }
  }

  private static final String PUT_SCHEDULED = """
      INSERT INTO scheduled (task, lane, priority, ord, run, attempt, v, flags, due_us)
      SELECT unnest(:tasks), unnest(:lanes), unnest(:priorities), unnest(:orders),
             unnest(:runs), unnest(:attempts), unnest(:versions), unnest(:flags),
             unnest(:dues)
      """;

  private static void putScheduled(Handle handle, List<Row> rows) {
    if (!rows.isEmpty()) {
      bind(handle.createUpdate(PUT_SCHEDULED), rows)
          .bind("dues", Columns.instants(rows, row -> ((Place.Scheduled) row.place()).dueAt()))
          .execute();
    }
  }

  private static final String PUT_BLOCKED = """
      INSERT INTO blocked (task, lane, priority, ord, run, attempt, v, flags, open)
      SELECT unnest(:tasks), unnest(:lanes), unnest(:priorities), unnest(:orders),
             unnest(:runs), unnest(:attempts), unnest(:versions), unnest(:flags),
             unnest(:opens)
      """;

  private static void putBlocked(Handle handle, List<Row> rows) {
    if (!rows.isEmpty()) {
      bind(handle.createUpdate(PUT_BLOCKED), rows)
          .bind("opens", Columns.ints(rows, row -> ((Place.Blocked) row.place()).open()))
          .execute();
    }
  }

  private static final String PUT_SUSPENDED = """
      INSERT INTO suspended (task, lane, priority, ord, run, attempt, v, flags, wake_us)
      SELECT unnest(:tasks), unnest(:lanes), unnest(:priorities), unnest(:orders),
             unnest(:runs), unnest(:attempts), unnest(:versions), unnest(:flags),
             unnest(:wakes)
      """;

  private static void putSuspended(Handle handle, List<Row> rows) {
    if (!rows.isEmpty()) {
      bind(handle.createUpdate(PUT_SUSPENDED), rows)
          .bind("wakes", Columns.instants(rows, row -> ((Place.Suspended) row.place()).wakeAt()))
          .execute();
    }
  }

  /** Binds the columns that all places have. */
  static Update bind(Update statement, List<Row> rows) {
    return statement
        .bind("tasks", Columns.ids(rows, Row::task))
        .bind("lanes", Columns.ints(rows, row -> row.seat().lane()))
        .bind("priorities", Columns.ints(rows, row -> row.seat().priority()))
        .bind("orders", Columns.longs(rows, row -> row.seat().order()))
        .bind("runs", Columns.ints(rows, row -> row.place().run().key().number()))
        .bind("attempts", Columns.ints(rows, row -> row.place().run().attempt()))
        .bind("versions", Columns.ints(rows, row -> row.place().run().version()))
        .bind("flags", Columns.ints(rows, row -> row.place().run().marks().bits()));
  }
}
