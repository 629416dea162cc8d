package dev.holdfast.duckdb.tx;

import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.EdgeRows;
import dev.holdfast.duckdb.writer.Transaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who waits for whom. */
public record DuckDependencies(Transaction tx) implements Dependencies {

  private static final String LINK = """
      INSERT INTO edge (upstream, upstream_ms, downstream, downstream_ms, required)
      SELECT wanted.upstream, wanted.upstream_ms, wanted.downstream, wanted.downstream_ms,
             first(wanted.required)
        FROM (SELECT unnest(:upstream) AS upstream, unnest(:upstreamBorn) AS upstream_ms,
                     unnest(:tasks) AS downstream, unnest(:downstreamBorn) AS downstream_ms,
                     unnest(:required) AS required) wanted
       WHERE NOT EXISTS (
             SELECT 1
               FROM edge
              WHERE edge.downstream_ms = wanted.downstream_ms
                AND edge.downstream = wanted.downstream
                AND edge.upstream = wanted.upstream)
       GROUP BY wanted.upstream, wanted.upstream_ms, wanted.downstream, wanted.downstream_ms
      """;

  @Override
  public void link(Collection<Edge> edges) {
    if (!edges.isEmpty()) {
      tx.handle()
          .createUpdate(LINK)
          .bind("tasks", Columns.ids(edges, Edge::downstream))
          .bind("upstream", Columns.ids(edges, Edge::upstream))
          .bind("upstreamBorn", Columns.born(edges, Edge::upstream))
          .bind("downstreamBorn", Columns.born(edges, Edge::downstream))
          .bind("required", Columns.booleans(edges, Edge::required))
          .execute();
    }
  }

  @Override
  public List<Edge> downstream(Collection<TaskId> upstream, @Nullable TaskId after, int limit) {
    return EdgeRows.downstream(tx.handle(), upstream, after, limit);
  }

  @Override
  public List<Edge> upstream(Collection<TaskId> downstream) {
    return EdgeRows.upstream(tx.handle(), downstream);
  }

  private static final String SATISFY = """
      UPDATE blocked
         SET open = blocked.open - satisfied.count
        FROM (SELECT unnest(:tasks) AS task, unnest(:counts) AS count) satisfied
       WHERE blocked.task = satisfied.task
      RETURNING blocked.task, blocked.open
      """;

  @Override
  public Map<TaskId, Integer> satisfy(Map<TaskId, Integer> satisfied) {
    Map<TaskId, Integer> left = new HashMap<>();
    if (!satisfied.isEmpty()) {
      tx.handle()
          .createQuery(SATISFY)
          .bind("tasks", Columns.ids(satisfied.entrySet(), Map.Entry::getKey))
          .bind("counts", Columns.ints(satisfied.entrySet(), Map.Entry::getValue))
          .map((row, context) -> Map.entry(Cells.task(row, "task"), row.getInt("open")))
          .forEach(open -> left.put(open.getKey(), open.getValue()));
    }
    return left;
  }

  private static final String DEFER = """
      INSERT INTO deferred (upstream, after_task)
      SELECT unnest(:tasks), unnest(:after)
      """;

  @Override
  public void defer(Collection<Deferred> deferred) {
    if (!deferred.isEmpty()) {
      tx.handle()
          .createUpdate(DEFER)
          .bind("tasks", Columns.ids(deferred, Deferred::upstream))
          .bind("after", Columns.ids(deferred, Deferred::after))
          .execute();
    }
  }

  private static final String TAKE_DEFERRED = """
      DELETE FROM deferred
       WHERE rowid IN (
             SELECT rowid
               FROM deferred
              ORDER BY rowid
              LIMIT :limit)
      RETURNING upstream, after_task
      """;

  @Override
  public List<Deferred> takeDeferred(int limit) {
    return tx.handle()
        .createQuery(TAKE_DEFERRED)
        .bind("limit", limit)
        .map((row, context) ->
            new Deferred(Cells.task(row, "upstream"), Cells.taskOrNull(row, "after_task")))
        .list();
  }
}
