package dev.holdfast.duckdb.history;

import static java.util.stream.Collectors.toMap;

import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.port.history.Steps;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Appending;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.PlaceRows;
import dev.holdfast.duckdb.writer.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The results of steps. */
public record DuckSteps(Transaction tx) implements Steps {

  @Override
  public Map<RunKey, Map<String, Json>> record(Collection<StepResult> results) {
    Map<RunKey, SessionId> holders = holders(results);
    List<StepResult> ours = results.stream()
        .filter(result -> result.session().equals(holders.get(result.run())))
        .toList();
    Map<Key, Json> standing = standing(ours);
    List<StepResult> fresh = new ArrayList<>();
    Map<RunKey, Map<String, Json>> answer = new HashMap<>();
    for (StepResult result : ours) {
      Json before = standing.get(new Key(result.run().task(), result.key()));
      if (before == null) {
        fresh.add(result);
      }
      answer
          .computeIfAbsent(result.run(), run -> new HashMap<>())
          .put(result.key(), before == null ? result.result() : before);
    }
    insert(fresh);
    return answer;
  }

  private Map<RunKey, SessionId> holders(Collection<StepResult> results) {
    List<TaskId> tasks =
        results.stream().map(result -> result.run().task()).distinct().toList();
    return tasks.isEmpty()
        ? Map.of()
        : PlaceRows.find(tx.handle(), tasks).stream()
            .map(PlaceRows.Row::place)
            .filter(Held.class::isInstance)
            .map(Held.class::cast)
            .collect(toMap(held -> held.run().key(), DuckSteps::holder));
  }

  private static SessionId holder(Held held) {
    return held.lease().session();
  }

  private record Key(TaskId task, String name) {}

  private static final String STANDING = """
      SELECT step.task, step.key, step.result
        FROM step
        JOIN (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task,
                     unnest(:keys) AS key) wanted
       USING (born_ms, task, key)
      """;

  private Map<Key, Json> standing(List<StepResult> results) {
    return results.isEmpty()
        ? Map.of()
        : tx.handle()
            .createQuery(STANDING)
            .bind("born", Columns.born(results, result -> result.run().task()))
            .bind("tasks", Columns.ids(results, result -> result.run().task()))
            .bind("keys", Columns.texts(results, StepResult::key))
            .map((row, context) -> Map.entry(
                new Key(Cells.task(row, "task"), Cells.text(row, "key")),
                new Json(Cells.text(row, "result"))))
            .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private void insert(List<StepResult> results) {
    long xid = results.isEmpty() ? 0 : tx.xid();
    Appending.append(
        tx.handle(),
        "step",
        results,
        (to, result) -> to.id(result.run().task().value())
            .number(Columns.bornMs(result.run().task()))
            .text(result.key())
            .integer(result.run().number())
            .text(result.result().text())
            .number(xid));
  }

  private static final String OF = """
      SELECT key, result
        FROM step
        JOIN (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS task) wanted
       USING (born_ms, task)
      """;

  @Override
  public Map<String, Json> of(TaskId task) {
    return Columns.bindTasks(tx.handle().createQuery(OF), List.of(task))
        .map((row, context) ->
            Map.entry(Cells.text(row, "key"), new Json(Cells.text(row, "result"))))
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
