package dev.holdfast.postgres.history;

import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.port.history.Steps;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The results of steps. */
public record PostgresSteps(Handle handle) implements Steps {

  // The lock keeps the run's end out (a delete), not its marks (updates of no key). It is taken in
  // the order of the tasks; a row that was deleted while it was waited for is not in h.
  private static final String RECORD = """
      WITH i AS MATERIALIZED (
        SELECT task, run, session, key, result
          FROM unnest(:tasks, :runs, :sessions, :keys, :results)
               i(task, run, session, key, result)),
      h AS MATERIALIZED (
        SELECT task, run, session FROM held
         WHERE task = ANY(:tasks) ORDER BY task FOR KEY SHARE),
      w AS (
        INSERT INTO step(task, key, run, result)
        SELECT i.task, i.key, i.run, i.result
          FROM i JOIN h ON h.task = i.task AND h.run = i.run AND h.session = i.session
         ORDER BY i.task, i.key
            ON CONFLICT (task, key) DO NOTHING
        RETURNING task, key)
      SELECT i.task, i.run, i.key, w.key IS NOT NULL AS written
        FROM i JOIN h ON h.task = i.task AND h.run = i.run AND h.session = i.session
        LEFT JOIN w ON w.task = i.task AND w.key = i.key
      """;

  @Override
  public Map<RunKey, Map<String, Json>> record(Collection<StepResult> results) {
    if (results.isEmpty()) {
      return Map.of();
    }
    Map<Step, Json> given = results.stream()
        .collect(Collectors.toMap(one -> new Step(one.run(), one.key()), StepResult::result));
    Map<RunKey, Map<String, Json>> standing = new HashMap<>();
    List<Step> earlier = new ArrayList<>();
    for (Written row : written(results)) {
      if (row.isNew) {
        put(standing, row.step, Objects.requireNonNull(given.get(row.step)));
      } else {
        earlier.add(row.step);
      }
    }
    if (!earlier.isEmpty()) {
      stood(earlier).forEach((step, result) -> put(standing, step, result));
    }
    return standing;
  }

  private static void put(Map<RunKey, Map<String, Json>> all, Step step, Json result) {
    all.computeIfAbsent(step.run, run -> new HashMap<>()).put(step.key, result);
  }

  private record Step(RunKey run, String key) {}

  private record Written(Step step, boolean isNew) {}

  private List<Written> written(Collection<StepResult> results) {
    Query query = handle.createQuery(RECORD);
    Columns.of(query, results)
        .uuids("tasks", one -> one.run().task().value())
        .ints("runs", one -> one.run().number())
        .longs("sessions", one -> one.session().value())
        .texts("keys", StepResult::key)
        .texts("results", one -> one.result().text());
    return query
        .map((set, context) -> new Written(step(new Row(set)), new Row(set).flag("written")))
        .list();
  }

  private static Step step(Row row) throws SQLException {
    RunKey run = new RunKey(new TaskId(row.uuid("task")), row.integer("run"));
    return new Step(run, row.text("key"));
  }

  // In a statement of its own: the one that found the key taken may not see by whom.
  private static final String STOOD = """
      SELECT i.task, i.run, i.key, s.result
        FROM unnest(:tasks, :runs, :keys) i(task, run, key)
       CROSS JOIN LATERAL (
         SELECT result FROM step s WHERE s.task = i.task AND s.key = i.key OFFSET 0) s
      """;

  private Map<Step, Json> stood(List<Step> steps) {
    Query query = handle.createQuery(STOOD);
    Columns.of(query, steps)
        .uuids("tasks", step -> step.run.task().value())
        .ints("runs", step -> step.run.number())
        .texts("keys", Step::key);
    return query
        .map((set, context) -> Map.entry(step(new Row(set)), new Json(new Row(set).text("result"))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static final String OF = """
      SELECT key, result FROM step WHERE task = :task
      """;

  @Override
  public Map<String, Json> of(TaskId task) {
    return handle
        .createQuery(OF)
        .bind("task", task.value())
        .map((set, context) ->
            Map.entry(new Row(set).text("key"), new Json(new Row(set).text("result"))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
