package dev.holdfast.application.node;

import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.placement.Placement;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The lanes that a node serves, as far as it has seen them. Belongs to one thread. */
final class Lanes {

  private final TaskQueries queries;
  private final NodeProfile self;
  private final List<Lane> served = new ArrayList<>();
  private int seen;

  Lanes(TaskQueries queries, NodeId node, Map<String, String> labels, Set<TypeName> types) {
    this.queries = queries;
    this.self = new NodeProfile(node, labels, types, NodeCondition.HEALTHY, 1);
  }

  /** Looks for lanes that are new; true when this node serves one of them. */
  boolean refresh() {
    int before = served.size();
    for (Lane lane : queries.lanesAfter(seen)) {
      seen = Math.max(seen, lane.number());
      if (Placement.serves(self, lane.key().address().type(), lane.key().constraints())) {
        served.add(lane);
      }
    }
    return served.size() > before;
  }

  List<Lane> served() {
    return served;
  }
}
