package dev.holdfast.postgres.tx;

import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The members of notes as columns, and back. */
public final class Notes {

  private Notes() {}

  static @Nullable Long session(Note note) {
    SessionId session = note.session();
    return session == null ? null : session.value();
  }

  static @Nullable Double percent(Note note) {
    Progress progress = note.progress();
    return progress == null ? null : (Double) progress.percent();
  }

  static @Nullable String message(Note note) {
    Progress progress = note.progress();
    return progress == null ? null : progress.message();
  }

  /** The columns of {@code note}. */
  public static Note read(Row row) throws SQLException {
    Long session = row.optionalNumber("session");
    return new Note(
        new TaskId(row.uuid("task")),
        row.integer("v"),
        Note.Kind.of(row.integer("kind")),
        row.instant("at"),
        row.integer("attempt"),
        session == null ? null : new SessionId(session),
        Rows.progress(row),
        row.optionalInstant("due_at"),
        row.optionalText("reason"));
  }
}
