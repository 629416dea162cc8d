package dev.holdfast.postgres.read;

import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Goes from the newest tasks backwards and looks at each. No index has both the state and the lane
 * of a task, none has the id of pending ones, and that of tags has all of a tag in no order; but
 * the first pages of a backlog, or of a common tag, are found here within some steps, and so is
 * everything of a lane that has few tasks.
 */
record Walk(Handle handle) {

  private static final int STEPS = 1000;

  private static final String OF_ALL = """
      SELECT t.id, (CAST(:tag AS text) IS NULL OR t.tags @> ARRAY[CAST(:tag AS text)])
               AND (CAST(:state AS text) IS NULL
                    OR (SELECT state FROM standing WHERE task = t.id) = :state) AS found
        FROM (SELECT id, tags FROM task WHERE id < :before ORDER BY id DESC LIMIT :steps) t
       ORDER BY t.id DESC
      """;

  private static final String OF_LANES = """
      SELECT t.id, (CAST(:tag AS text) IS NULL OR t.tags @> ARRAY[CAST(:tag AS text)])
               AND (CAST(:state AS text) IS NULL
                    OR (SELECT state FROM standing WHERE task = t.id) = :state) AS found
        FROM (SELECT p.id, p.tags FROM unnest(:lanes) l(lane)
               CROSS JOIN LATERAL (
                 SELECT id, tags FROM task WHERE task.lane = l.lane AND id < :before
                  ORDER BY id DESC LIMIT :steps) p
               ORDER BY p.id DESC LIMIT :steps) t
       ORDER BY t.id DESC
      """;

  /**
   * The newest tasks in a state, with a tag; empty when so many steps do not tell.
   *
   * @param lanes null for all
   */
  Optional<List<TaskId>> find(
      TaskFilter filter, @Nullable List<Integer> lanes, UUID before, int limit) {
    int steps = STEPS + limit;
    Query query = handle.createQuery(lanes == null ? OF_ALL : OF_LANES);
    query.bind("state", filter.state() == null ? null : filter.state().code());
    query.bind("tag", filter.tag()).bind("before", before).bind("steps", steps);
    if (lanes != null) {
      Columns.of(query, lanes).ints("lanes", lane -> lane);
    }
    List<Step> walked = query.map((set, context) -> step(new Row(set))).list();
    List<TaskId> found =
        walked.stream().filter(Step::found).limit(limit).map(Step::task).toList();
    boolean isAll = found.size() == limit || walked.size() < steps;
    return isAll ? Optional.of(found) : Optional.empty();
  }

  private static Step step(Row row) throws SQLException {
    return new Step(new TaskId(row.uuid("id")), row.flag("found"));
  }

  private record Step(TaskId task, boolean found) {}
}
