package dev.holdfast.postgres.node;

import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The nodes, as rows of their newest sessions tell. */
final class NodeRows {

  private NodeRows() {}

  private static final String NODES = """
      SELECT DISTINCT ON (node) id, node, address, label_keys, label_values, types, slots,
             free_slots, draining, observer, started_at, heartbeat_at,
             ended_at IS NOT NULL AS ended, heartbeat_at <= clock() - stale_after AS stale
        FROM session ORDER BY node, id DESC
      """;

  static List<NodeView> nodes(Handle handle) {
    return handle.createQuery(NODES).map((set, context) -> node(new Row(set))).stream()
        .sorted(Comparator.comparing(view -> view.profile().node()))
        .toList();
  }

  private static NodeView node(Row row) throws SQLException {
    Set<TypeName> types =
        row.texts("types").stream().map(TypeName::new).collect(Collectors.toSet());
    NodeProfile profile = new NodeProfile(
        new NodeId(row.text("node")),
        labels(row),
        types,
        condition(row),
        row.integer("free_slots"));
    return new NodeView(
        profile,
        new SessionId(row.number("id")),
        row.text("address"),
        row.flag("observer"),
        row.integer("slots"),
        row.instant("started_at"),
        row.instant("heartbeat_at"));
  }

  private static Map<String, String> labels(Row row) throws SQLException {
    List<@Nullable String> keys = row.texts("label_keys");
    List<@Nullable String> values = row.texts("label_values");
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      labels.put(String.valueOf(keys.get(i)), String.valueOf(values.get(i)));
    }
    return labels;
  }

  private static NodeCondition condition(Row row) throws SQLException {
    if (row.flag("ended")) {
      return NodeCondition.DEAD;
    }
    if (row.flag("stale")) {
      return NodeCondition.STALE;
    }
    if (row.flag("observer")) {
      return NodeCondition.OBSERVER;
    }
    return row.flag("draining") ? NodeCondition.DRAINING : NodeCondition.HEALTHY;
  }
}
