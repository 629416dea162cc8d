package dev.holdfast.application.node;

import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.placement.Placement;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TypeName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lanes that a node serves, as far as it has seen them. One thread looks for more; any may ask.
 */
final class Lanes {

  private final TaskQueries queries;
  private final NodeProfile self;
  private volatile List<Lane> served = List.of();
  private final Map<LaneKey, Lane> byKey = new ConcurrentHashMap<>();
  private int seen;

  Lanes(TaskQueries queries, NodeId node, Map<String, String> labels, Set<TypeName> types) {
    this.queries = queries;
    this.self = new NodeProfile(node, labels, types, NodeCondition.HEALTHY, 1);
  }

  /** Looks for lanes that are new; true when this node serves one of them. */
  boolean refresh() {
    List<Lane> found = new ArrayList<>(served);
    for (Lane lane : queries.lanesAfter(seen)) {
      seen = Math.max(seen, lane.number());
      if (Placement.serves(self, lane.key().address().type(), lane.key().constraints())) {
        found.add(lane);
        byKey.put(lane.key(), lane);
      }
    }
    boolean isMore = found.size() > served.size();
    if (isMore) {
      served = List.copyOf(found);
    }
    return isMore;
  }

  List<Lane> served() {
    return served;
  }

  /** The lanes of these tasks; empty unless all of them are served. */
  List<Lane> of(List<NewTask> tasks) {
    Set<Lane> lanes = new LinkedHashSet<>();
    for (NewTask task : tasks) {
      Lane lane = byKey.get(new LaneKey(task.address(), task.constraints()));
      if (lane == null) {
        return List.of();
      }
      lanes.add(lane);
    }
    return List.copyOf(lanes);
  }
}
