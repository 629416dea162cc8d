package dev.holdfast.duckdb.row;

import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Appending;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of the ends of runs, written and read. */
public final class EndRows {

  private EndRows() {}

  /** An end and the lane of its task. */
  public record Row(int lane, RunEnd end) {}

  /** Appends the ends of runs. */
  public static void insert(Handle handle, List<Row> rows, long xid) {
    Appending.append(handle, "run_end", rows, (to, row) -> {
      RunEnd end = row.end();
      to.id(end.task().value())
          .number(Columns.bornMs(end.task()))
          .integer(row.lane())
          .integer(end.key().number())
          .integer(end.kind().code())
          .flag(end.terminal())
          .integer(end.attempt())
          .integer(end.version());
      lease(to, end.lease());
      RunEnd.Start start = end.start();
      to.instant(start == null ? null : start.at())
          .integer(start == null ? null : start.version())
          .instant(end.endedAt())
          .instant(end.nextAt())
          .text(end.result() == null ? null : end.result().text())
          .text(Errors.write(end.error()))
          .number(xid);
    });
  }

  private static void lease(Appending to, Place.@Nullable Lease lease) {
    to.number(lease == null ? null : lease.claim().value())
        .number(lease == null ? null : lease.session().value())
        .integer(lease == null ? null : lease.version());
  }

  private static final String OF_TASKS = """
      SELECT task, run, kind, terminal, attempt, v, claim, session, av, started_us, sv,
             ended_us, next_us, CASE WHEN :withResults THEN result END AS result, error
        FROM run_end
        JOIN (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) wanted
       USING (born_ms, task)
       ORDER BY task, run DESC
      """;

  /** The ends of all runs of these tasks, by task, newest first. */
  public static List<RunEnd> ofTasks(Handle handle, Collection<TaskId> tasks, boolean withResults) {
    return tasks.isEmpty()
        ? List.of()
        : Columns.bindTasks(handle.createQuery(OF_TASKS), tasks)
            .bind("withResults", withResults)
            .map((row, context) -> read(row))
            .list();
  }

  /** A row of {@code run_end}. */
  public static RunEnd read(ResultSet row) throws SQLException {
    return new RunEnd(
        new RunKey(Cells.task(row, "task"), row.getInt("run")),
        RunEnd.Kind.of(row.getInt("kind")),
        row.getBoolean("terminal"),
        row.getInt("attempt"),
        row.getInt("v"),
        readLease(row),
        readStart(row),
        Cells.instant(row, "ended_us"),
        Cells.instantOrNull(row, "next_us"),
        Cells.jsonOrNull(row, "result"),
        Errors.read(row.getString("error")));
  }

  private static Place.@Nullable Lease readLease(ResultSet row) throws SQLException {
    Long claim = Cells.longOrNull(row, "claim");
    return claim == null
        ? null
        : new Place.Lease(
            new ClaimId(claim), new SessionId(row.getLong("session")), row.getInt("av"));
  }

  private static RunEnd.@Nullable Start readStart(ResultSet row) throws SQLException {
    Instant at = Cells.instantOrNull(row, "started_us");
    return at == null ? null : new RunEnd.Start(at, Cells.intOrNull(row, "sv"));
  }
}
