package dev.holdfast.duckdb.row;

import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.duckdb.db.Cells;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Which node each session belonged to, kept in memory. Safe for concurrent use. */
public final class Nodes {

  private final Map<Long, NodeId> nodes = new ConcurrentHashMap<>();

  private static final String LOAD = """
      SELECT id, node
        FROM session
      """;

  /** Reads them all. */
  public static Nodes load(Handle handle) {
    Nodes nodes = new Nodes();
    handle
        .createQuery(LOAD)
        .map((row, context) ->
            Map.entry(new SessionId(row.getLong("id")), new NodeId(Cells.text(row, "node"))))
        .forEach(session -> nodes.add(session.getKey(), session.getValue()));
    return nodes;
  }

  /** A session was opened. */
  public void add(SessionId session, NodeId node) {
    nodes.put(session.value(), node);
  }

  /** Null for no session. */
  public @Nullable NodeId of(@Nullable SessionId session) {
    return session == null ? null : nodes.get(session.value());
  }
}
