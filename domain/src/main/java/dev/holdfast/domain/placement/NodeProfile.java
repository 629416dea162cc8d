package dev.holdfast.domain.placement;

import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TypeName;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What placement needs to know of a node.
 *
 * @param types the task types it has handlers for
 * @param condition whether it takes work at all
 * @param freeSlots how many more tasks it could run now; 0 or more
 */
public record NodeProfile(
    NodeId node,
    Map<String, String> labels,
    Set<TypeName> types,
    NodeCondition condition,
    int freeSlots) {

  public NodeProfile {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(condition, "condition");
    labels = Map.copyOf(labels);
    types = Set.copyOf(types);
    labels.forEach(Constraints::requireLabel);
    if (freeSlots < 0) {
      throw new IllegalArgumentException("freeSlots must not be negative, got " + freeSlots);
    }
  }
}
