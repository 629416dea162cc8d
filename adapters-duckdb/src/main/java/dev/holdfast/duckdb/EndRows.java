package dev.holdfast.duckdb;

import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of the ends of runs, written and read. */
final class EndRows {

  private EndRows() {}

  /** An end and the lane of its task. */
  record Row(int lane, RunEnd end) {}

  private static final String INSERT = """
      INSERT INTO run_end (task, born_ms, lane, run, kind, terminal, attempt, v, claim, session,
             av, started_us, sv, ended_us, next_us, result, error, xid)
      SELECT unnest(:tasks), unnest(:born), unnest(:lanes), unnest(:runs), unnest(:kinds),
             unnest(:terminals), unnest(:attempts), unnest(:versions), unnest(:claims),
             unnest(:sessions), unnest(:assigned), unnest(:starts), unnest(:startVersions),
             unnest(:ends), unnest(:nexts), unnest(:results), unnest(:errors), :xid
      """;

  static void insert(Handle handle, List<Row> rows, long xid) {
    List<RunEnd> ends = rows.stream().map(Row::end).toList();
    handle
        .createUpdate(INSERT)
        .bind("tasks", Columns.ids(ends, RunEnd::task))
        .bind("born", Columns.born(ends, RunEnd::task))
        .bind("lanes", Columns.ints(rows, Row::lane))
        .bind("runs", Columns.ints(ends, end -> end.key().number()))
        .bind("kinds", Columns.ints(ends, end -> end.kind().code()))
        .bind("terminals", Columns.booleans(ends, RunEnd::terminal))
        .bind("attempts", Columns.ints(ends, RunEnd::attempt))
        .bind("versions", Columns.ints(ends, RunEnd::version))
        .bind("claims", Columns.longs(ends, EndRows::claim))
        .bind("sessions", Columns.longs(ends, EndRows::session))
        .bind("assigned", Columns.ints(ends, EndRows::assignedVersion))
        .bind("starts", Columns.instants(ends, EndRows::startedAt))
        .bind("startVersions", Columns.ints(ends, EndRows::startVersion))
        .bind("ends", Columns.instants(ends, RunEnd::endedAt))
        .bind("nexts", Columns.instants(ends, RunEnd::nextAt))
        .bind("results", Columns.texts(ends, EndRows::result))
        .bind("errors", Columns.texts(ends, end -> Errors.write(end.error())))
        .bind("xid", xid)
        .execute();
  }

  private static @Nullable Long claim(RunEnd end) {
    return end.lease() == null ? null : end.lease().claim().value();
  }

  private static @Nullable Long session(RunEnd end) {
    return end.lease() == null ? null : end.lease().session().value();
  }

  private static @Nullable Integer assignedVersion(RunEnd end) {
    return end.lease() == null ? null : end.lease().version();
  }

  private static @Nullable Instant startedAt(RunEnd end) {
    return end.start() == null ? null : end.start().at();
  }

  private static @Nullable Integer startVersion(RunEnd end) {
    return end.start() == null ? null : end.start().version();
  }

  private static @Nullable String result(RunEnd end) {
    Json result = end.result();
    return result == null ? null : result.text();
  }

  private static final String OF_TASKS = """
      SELECT task, run, kind, terminal, attempt, v, claim, session, av, started_us, sv,
             ended_us, next_us, CASE WHEN :withResults THEN result END AS result, error
        FROM run_end
       WHERE born_ms BETWEEN :bornFrom AND :bornTo
         AND task IN (SELECT unnest(:tasks))
       ORDER BY task, run DESC
      """;

  /** The ends of all runs of these tasks, by task, newest first. */
  static List<RunEnd> ofTasks(Handle handle, Collection<TaskId> tasks, boolean withResults) {
    return tasks.isEmpty()
        ? List.of()
        : Columns.bindTasks(handle.createQuery(OF_TASKS), tasks)
            .bind("withResults", withResults)
            .map((row, context) -> read(row))
            .list();
  }

  static RunEnd read(ResultSet row) throws SQLException {
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
