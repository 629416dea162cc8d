package dev.holdfast.postgres.read;

import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Turns rows of the fact tables into facts. */
final class FactRows {

  private static final int BORN_SCHEDULED = 512;

  private FactRows() {}

  static Fact created(Row row) throws SQLException {
    boolean scheduled = (row.integer("task_flags") & BORN_SCHEDULED) != 0;
    return new Fact.Created(
        new TaskId(row.uuid("task")),
        row.instant("at"),
        scheduled ? row.optionalInstant("due_at") : null);
  }

  static Fact assigned(Row row) throws SQLException {
    return new Fact.Assigned(
        new TaskId(row.uuid("task")),
        row.integer("v"),
        row.integer("attempt"),
        row.instant("at"),
        new NodeId(row.text("node")));
  }

  static Fact ended(Row row) throws SQLException {
    return new Fact.Ended(Rows.end(row), node(row));
  }

  static Fact noted(Row row) throws SQLException {
    return new Fact.Noted(Rows.note(row), node(row));
  }

  private static @Nullable NodeId node(Row row) throws SQLException {
    String node = row.optionalText("node");
    return node == null ? null : new NodeId(node);
  }
}
