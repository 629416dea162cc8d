package dev.holdfast.postgres.read;

import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import dev.holdfast.postgres.submit.Lanes;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Reads of tasks. Safe for concurrent use. */
public record PostgresTaskQueries(Database database) implements TaskQueries {

  private static final String FIND = """
      SELECT o.id, o.lane, o.ns, o.queue, o.type, o.needs, o.priority, o.max_attempts, o.task_flags,
             o.first_due_at, o.created_at, o.retry_strategy, o.retry_base, o.retry_cap,
             o.retry_jitter, o.non_retryable, o.timeout, o.expires_in, o.parent, o.key, o.ref,
             o.tags, o.state, o.live, o.attempt, o.v, o.started_at, o.due_at, o.cancel_reason,
             o.percent, o.message, o.kind, o.ended_at, o.expires_at, o.claimed, o.node, o.fence,
             o.claimed_at, o.ups, o.ups_required,
             t.payload, e.result, e.error_types, e.error_messages, e.error_stacks,
             CASE WHEN o.state = 'pending' THEN (
               SELECT count(*) FROM (
                 SELECT FROM ready r
                  WHERE r.lane = o.lane
                    AND (r.priority, r.ord, r.task) <= (o.priority, o.ord, o.id)
                  LIMIT 10000) ahead) END AS queue_position
        FROM overview o
        JOIN task t ON t.id = :task
        LEFT JOIN run_end e ON e.task = :task AND e.run = o.told_run
       WHERE o.id = :task
      """;

  @Override
  public Optional<TaskView> find(TaskId task) {
    return database.single(handle -> handle
        .createQuery(FIND)
        .bind("task", task.value())
        .map((set, context) -> TaskRows.full(new Row(set)))
        .findOne());
  }

  @Override
  public List<TaskView> list(TaskFilter filter, int limit) {
    return database.snapshot(handle -> brief(handle, new Candidates(handle).find(filter, limit)));
  }

  private static final String BRIEF = """
      SELECT o.id, o.lane, o.ns, o.queue, o.type, o.needs, o.priority, o.max_attempts, o.task_flags,
             o.first_due_at, o.created_at, o.retry_strategy, o.retry_base, o.retry_cap,
             o.retry_jitter, o.non_retryable, o.timeout, o.expires_in, o.parent, o.key, o.ref,
             o.tags, o.state, o.live, o.attempt, o.v, o.started_at, o.due_at, o.cancel_reason,
             o.percent, o.message, o.kind, o.ended_at, o.expires_at, o.claimed, o.node, o.fence,
             o.claimed_at, o.ups, o.ups_required,
             e.error_types, e.error_messages
        FROM unnest(:tasks) i(id)
       CROSS JOIN LATERAL (SELECT * FROM overview WHERE id = i.id OFFSET 0) o
        LEFT JOIN LATERAL (
          SELECT error_types, error_messages FROM run_end
           WHERE task = i.id AND run = o.told_run OFFSET 0) e ON true
       ORDER BY o.id DESC
      """;

  private static List<TaskView> brief(Handle handle, List<TaskId> tasks) {
    Query query = handle.createQuery(BRIEF);
    Columns.of(query, tasks).uuids("tasks", TaskId::value);
    return query.map((set, context) -> TaskRows.brief(new Row(set))).list();
  }

  private static final String UPSTREAM = """
      SELECT d.up, t.ref, d.required, s.state, e.result
        FROM edge d
       CROSS JOIN LATERAL (SELECT ref FROM task WHERE id = d.up OFFSET 0) t
       CROSS JOIN LATERAL (SELECT state, run FROM standing WHERE task = d.up OFFSET 0) s
        LEFT JOIN LATERAL (
          SELECT result FROM run_end
           WHERE s.state = 'completed' AND task = d.up AND run = s.run OFFSET 0) e ON true
       WHERE d.down = :task
       ORDER BY d.up
      """;

  @Override
  public List<Upstream> upstream(TaskId task) {
    return database.single(handle -> handle
        .createQuery(UPSTREAM)
        .bind("task", task.value())
        .map((set, context) -> upstream(new Row(set)))
        .list());
  }

  private static Upstream upstream(Row row) throws SQLException {
    return new Upstream(
        new TaskId(row.uuid("up")),
        row.optionalText("ref"),
        row.flag("required"),
        TaskRows.state(row),
        Rows.optionalJson(row.optionalText("result")));
  }

  private static final String LANES_AFTER = """
      SELECT id, ns, queue, type, needs FROM lane WHERE id > :number ORDER BY id
      """;

  @Override
  public List<Lane> lanesAfter(int number) {
    return database.single(handle -> handle
        .createQuery(LANES_AFTER)
        .bind("number", number)
        .map((set, context) -> Lanes.lane(new Row(set)))
        .list());
  }

  @Override
  public Stats stats() {
    return database.snapshot(handle -> new Counts(handle).stats());
  }

  private static final String STATES = """
      SELECT s.task, s.state FROM unnest(:tasks) i(id)
       CROSS JOIN LATERAL (SELECT task, state FROM standing WHERE task = i.id OFFSET 0) s
      """;

  @Override
  public Map<TaskId, TaskState> states(List<TaskId> tasks) {
    return database.single(handle -> {
      Query query = handle.createQuery(STATES);
      Columns.of(query, tasks.stream().distinct().toList()).uuids("tasks", TaskId::value);
      return query
          .map((set, context) -> state(new Row(set)))
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    });
  }

  private static Map.Entry<TaskId, TaskState> state(Row row) throws SQLException {
    return Map.entry(new TaskId(row.uuid("task")), TaskRows.state(row));
  }
}
