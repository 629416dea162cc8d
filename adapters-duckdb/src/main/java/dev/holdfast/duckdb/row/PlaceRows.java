package dev.holdfast.duckdb.row;

import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Appending;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Rows of the tables where live tasks wait, written and read. */
public final class PlaceRows {

  private PlaceRows() {}

  /** A place and the seat of its task. */
  public record Row(Seat seat, Place place) {

    /** Whose place it is. */
    public TaskId task() {
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
  public static List<Row> find(Handle handle, Collection<TaskId> tasks) {
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

  /** What all places tell of the run. */
  public static Run readRun(ResultSet row) throws SQLException {
    RunKey key = new RunKey(Cells.task(row, "task"), row.getInt("run"));
    return new Run(key, row.getInt("attempt"), row.getInt("v"), new Marks(row.getInt("flags")));
  }

  /** A row of {@code held}. */
  public static Row readHeld(ResultSet row) throws SQLException {
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
  public static void remove(Handle handle, List<Row> rows) {
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

  /** Puts tasks that have no place into one. */
  public static void put(Handle handle, List<Row> rows) {
    Appending.append(handle, "ready", of(rows, Place.Ready.class), PlaceRows::common);
    Appending.append(
        handle,
        "scheduled",
        of(rows, Place.Scheduled.class),
        (to, row) -> common(to, row).instant(((Place.Scheduled) row.place()).dueAt()));
    Appending.append(
        handle,
        "blocked",
        of(rows, Place.Blocked.class),
        (to, row) -> common(to, row).integer(((Place.Blocked) row.place()).open()));
    Appending.append(
        handle,
        "suspended",
        of(rows, Place.Suspended.class),
        (to, row) -> common(to, row).instant(((Place.Suspended) row.place()).wakeAt()));
    Appending.append(
        handle,
        "held",
        of(rows, Place.Held.class),
        (to, row) -> held(common(to, row), (Place.Held) row.place()));
  }

  /** The columns that all places have. */
  private static Appending common(Appending to, Row row) {
    Run run = row.place().run();
    return to.id(run.task().value())
        .integer(row.seat().lane())
        .integer(row.seat().priority())
        .number(row.seat().order())
        .integer(run.key().number())
        .integer(run.attempt())
        .integer(run.version())
        .integer(run.marks().bits());
  }

  private static void held(Appending to, Place.Held held) {
    Progress progress = held.progress();
    to.number(held.lease().claim().value())
        .number(held.lease().session().value())
        .integer(held.lease().version())
        .instant(held.startedAt())
        .instant(held.deadline())
        .text(held.cancelReason())
        .fraction(progress == null ? null : progress.percent())
        .text(progress == null ? null : progress.message());
  }
}
