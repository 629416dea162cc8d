package dev.holdfast.duckdb.row;

import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of the notes, written and read. */
public final class NoteRows {

  private NoteRows() {}

  /** A note and the lane of its task. */
  public record Row(int lane, Note note) {}

  private static final String INSERT = """
      INSERT INTO note (task, born_ms, lane, v, kind, noted_us, attempt, session,
             progress_percent, progress_message, due_us, reason, xid)
      SELECT new.task, new.born_ms, new.lane, new.v, new.kind, new.noted_us, new.attempt,
             new.session, new.progress_percent, new.progress_message, new.due_us, new.reason,
             :xid
        FROM (SELECT unnest(:tasks) AS task, unnest(:born) AS born_ms, unnest(:lanes) AS lane,
                     unnest(:versions) AS v, unnest(:kinds) AS kind,
                     unnest(:instants) AS noted_us, unnest(:attempts) AS attempt,
                     unnest(:sessions) AS session, unnest(:percents) AS progress_percent,
                     unnest(:messages) AS progress_message, unnest(:dues) AS due_us,
                     unnest(:reasons) AS reason) new
       WHERE NOT EXISTS (
             SELECT 1
               FROM note
              WHERE note.born_ms = new.born_ms
                AND note.task = new.task
                AND note.v = new.v)
      RETURNING task
      """;

  /** Appends those notes whose (task, version) is new; returns their tasks. */
  public static List<TaskId> insert(Handle handle, List<Row> rows, long xid) {
    List<Note> notes = rows.stream().map(Row::note).toList();
    List<TaskId> tasks = notes.stream().map(Note::task).toList();
    return handle
        .createQuery(INSERT)
        .bind("tasks", Columns.ids(tasks, task -> task))
        .bind("born", Columns.born(tasks, task -> task))
        .bind("lanes", Columns.ints(rows, Row::lane))
        .bind("versions", Columns.ints(notes, Note::version))
        .bind("kinds", Columns.ints(notes, note -> note.kind().code()))
        .bind("instants", Columns.instants(notes, Note::at))
        .bind("attempts", Columns.ints(notes, Note::attempt))
        .bind("sessions", Columns.longs(notes, note -> session(note.session())))
        .bind("percents", Columns.doubles(notes, note -> percent(note.progress())))
        .bind("messages", Columns.texts(notes, note -> message(note.progress())))
        .bind("dues", Columns.instants(notes, Note::dueAt))
        .bind("reasons", Columns.texts(notes, Note::reason))
        .bind("xid", xid)
        .map((row, context) -> Cells.task(row, "task"))
        .list();
  }

  private static @Nullable Long session(@Nullable SessionId session) {
    return session == null ? null : session.value();
  }

  private static @Nullable Double percent(@Nullable Progress progress) {
    return progress == null ? null : progress.percent();
  }

  private static @Nullable String message(@Nullable Progress progress) {
    return progress == null ? null : progress.message();
  }

  private static final String OF_TASK = """
      SELECT task, v, kind, noted_us, attempt, session, progress_percent, progress_message,
             due_us, reason
        FROM note
        JOIN (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) wanted
       USING (born_ms, task)
      """;

  /** The notes of this task, in no order. */
  public static List<Note> ofTask(Handle handle, TaskId task) {
    return Columns.bindTasks(handle.createQuery(OF_TASK), List.of(task))
        .map((row, context) -> read(row))
        .list();
  }

  /** A row of {@code note}. */
  public static Note read(ResultSet row) throws SQLException {
    return new Note(
        Cells.task(row, "task"),
        row.getInt("v"),
        Note.Kind.of(row.getInt("kind")),
        Cells.instant(row, "noted_us"),
        row.getInt("attempt"),
        Cells.sessionOrNull(row, "session"),
        Cells.progressOrNull(row),
        Cells.instantOrNull(row, "due_us"),
        row.getString("reason"));
  }
}
