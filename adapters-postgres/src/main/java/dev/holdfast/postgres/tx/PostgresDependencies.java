package dev.holdfast.postgres.tx;

import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Who waits for whom. */
public record PostgresDependencies(Handle handle) implements Dependencies {

  private static final Comparator<Edge> BY_KEY =
      Comparator.comparing(Edge::downstream).thenComparing(Edge::upstream);

  private static final String LINK = """
      INSERT INTO edge(up, down, required)
      SELECT up, down, required FROM unnest(:ups, :downs, :required) i(up, down, required)
      ON CONFLICT DO NOTHING
      """;

  @Override
  public void link(Collection<Edge> edges) {
    Update update = handle.createUpdate(LINK);
    Columns.of(update, edges.stream().sorted(BY_KEY).toList())
        .uuids("ups", edge -> edge.upstream().value())
        .uuids("downs", edge -> edge.downstream().value())
        .booleans("required", Edge::required);
    update.execute();
  }

  private static final String DOWNSTREAM = """
      SELECT e.up, e.down, e.required
        FROM unnest(:ups) i(up) JOIN edge e ON e.up = i.up AND e.down > :after
       ORDER BY e.up, e.down LIMIT :limit
      """;
  private static final String FIRST_DOWNSTREAM = """
      SELECT e.up, e.down, e.required
        FROM unnest(:ups) i(up) JOIN edge e ON e.up = i.up
       ORDER BY e.up, e.down LIMIT :limit
      """;

  @Override
  public List<Edge> downstream(Collection<TaskId> upstream, @Nullable TaskId after, int limit) {
    Query query = handle.createQuery(after == null ? FIRST_DOWNSTREAM : DOWNSTREAM);
    if (after != null) {
      query.bind("after", after.value());
    }
    Columns.of(query, upstream.stream().distinct().sorted().toList()).uuids("ups", TaskId::value);
    return query.bind("limit", limit).map((set, context) -> edge(new Row(set))).list();
  }

  private static final String UPSTREAM = """
      SELECT e.up, e.down, e.required
        FROM unnest(:downs) i(down) JOIN edge e ON e.down = i.down
       ORDER BY e.down, e.up
      """;

  @Override
  public List<Edge> upstream(Collection<TaskId> downstream) {
    Query query = handle.createQuery(UPSTREAM);
    Columns.of(query, downstream.stream().distinct().sorted().toList())
        .uuids("downs", TaskId::value);
    return query.map((set, context) -> edge(new Row(set))).list();
  }

  // Locked in order first; the update then works on the newest version of each row.
  private static final String SATISFY = """
      WITH l AS MATERIALIZED (
        SELECT task FROM blocked WHERE task = ANY(:tasks) ORDER BY task FOR UPDATE)
      UPDATE blocked b SET open = b.open - i.n
        FROM l JOIN unnest(:tasks, :numbers) i(task, n) ON i.task = l.task
       WHERE b.task = l.task
      RETURNING b.task, b.open
      """;

  @Override
  public Map<TaskId, Integer> satisfy(Map<TaskId, Integer> satisfied) {
    Query query = handle.createQuery(SATISFY);
    Columns.of(query, satisfied.entrySet())
        .uuids("tasks", entry -> entry.getKey().value())
        .ints("numbers", Map.Entry::getValue);
    return query
        .map((set, context) -> left(new Row(set)))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map.Entry<TaskId, Integer> left(Row row) throws SQLException {
    return Map.entry(new TaskId(row.uuid("task")), row.integer("open"));
  }

  // A task that was deferred before and ended anew begins at the earlier of both dependants.
  private static final String DEFER = """
      INSERT INTO cascade_todo(task, after)
      SELECT task, after FROM unnest(:tasks, :afters) i(task, after)
      ON CONFLICT (task) DO UPDATE
         SET after = CASE WHEN cascade_todo.after < excluded.after
                          THEN cascade_todo.after
                          WHEN cascade_todo.after IS NOT NULL THEN excluded.after END
      """;

  @Override
  public void defer(Collection<Deferred> deferred) {
    Update update = handle.createUpdate(DEFER);
    Columns.of(
            update,
            deferred.stream().sorted(Comparator.comparing(Deferred::upstream)).toList())
        .uuids("tasks", task -> task.upstream().value())
        .uuids("afters", PostgresDependencies::after);
    update.execute();
  }

  private static java.util.@Nullable UUID after(Deferred deferred) {
    TaskId after = deferred.after();
    return after == null ? null : after.value();
  }

  private static final String TAKE_DEFERRED = """
      DELETE FROM cascade_todo WHERE task = ANY(ARRAY(
        SELECT task FROM cascade_todo ORDER BY task LIMIT :limit FOR UPDATE SKIP LOCKED))
      RETURNING task, after
      """;

  @Override
  public List<Deferred> takeDeferred(int limit) {
    return handle
        .createQuery(TAKE_DEFERRED)
        .bind("limit", limit)
        .map((set, context) -> deferred(new Row(set)))
        .stream()
        .sorted(Comparator.comparing(Deferred::upstream))
        .toList();
  }

  private static Deferred deferred(Row row) throws SQLException {
    return new Deferred(new TaskId(row.uuid("task")), Rows.optionalTask(row.optionalUuid("after")));
  }

  private static Edge edge(Row row) throws SQLException {
    return new Edge(new TaskId(row.uuid("up")), new TaskId(row.uuid("down")), row.flag("required"));
  }
}
