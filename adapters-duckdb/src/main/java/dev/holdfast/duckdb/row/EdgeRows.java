package dev.holdfast.duckdb.row;

import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of the edges, read. */
public final class EdgeRows {

  private EdgeRows() {}

  private static final String DOWNSTREAM = """
      SELECT upstream, downstream, required
        FROM edge
        JOIN (SELECT unnest(:born) AS upstream_ms, unnest(:tasks) AS upstream) wanted
       USING (upstream_ms, upstream)
       WHERE (:fromFirst OR downstream > CAST(:after AS UUID))
       ORDER BY upstream, downstream
       LIMIT :limit
      """;

  /**
   * The edges that lead from these tasks, by upstream then downstream.
   *
   * @param after only edges to greater tasks; null for all
   */
  public static List<Edge> downstream(
      Handle handle, Collection<TaskId> upstream, @Nullable TaskId after, int limit) {
    UUID behind = after == null ? new UUID(0, 0) : after.value();
    return upstream.isEmpty()
        ? List.of()
        : Columns.bindTasks(handle.createQuery(DOWNSTREAM), upstream)
            .bind("fromFirst", after == null)
            .bind("after", behind.toString())
            .bind("limit", limit)
            .map((row, context) -> read(row))
            .list();
  }

  private static final String UPSTREAM = """
      SELECT upstream, downstream, required
        FROM edge
        JOIN (SELECT unnest(:born) AS downstream_ms, unnest(:tasks) AS downstream) wanted
       USING (downstream_ms, downstream)
       ORDER BY downstream, upstream
      """;

  /** The edges that lead to these tasks, by downstream then upstream. */
  public static List<Edge> upstream(Handle handle, Collection<TaskId> downstream) {
    return downstream.isEmpty()
        ? List.of()
        : Columns.bindTasks(handle.createQuery(UPSTREAM), downstream)
            .map((row, context) -> read(row))
            .list();
  }

  private static Edge read(ResultSet row) throws SQLException {
    return new Edge(
        Cells.task(row, "upstream"), Cells.task(row, "downstream"), row.getBoolean("required"));
  }
}
