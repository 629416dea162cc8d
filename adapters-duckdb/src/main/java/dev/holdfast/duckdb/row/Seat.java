package dev.holdfast.duckdb.row;

import dev.holdfast.domain.task.TaskDefinition;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What every place row repeats of its task: its lane and its order there. So a task moves from
 * place to place without a look at the table of tasks.
 */
public record Seat(int lane, int priority, long order) {

  /** The seat of a task in this lane. */
  public static Seat of(int lane, TaskDefinition task) {
    return new Seat(lane, task.priority(), task.order());
  }

  /** From a row that has all three. */
  public static Seat read(ResultSet row) throws SQLException {
    return new Seat(row.getInt("lane"), row.getInt("priority"), row.getLong("ord"));
  }
}
