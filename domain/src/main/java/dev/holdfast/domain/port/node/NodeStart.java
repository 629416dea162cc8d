package dev.holdfast.domain.port.node;

import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TypeName;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A node begins a session.
 *
 * @param address the base URL under which others reach it; empty when it has none
 * @param slots how many tasks it runs at once; 0 or more
 * @param timeToLive how old its heartbeat may grow before it gets no more work
 * @param exclusive whether it wants the storage for itself
 */
public record NodeStart(
    NodeId node,
    String address,
    Map<String, String> labels,
    Set<TypeName> types,
    int slots,
    Duration timeToLive,
    boolean exclusive) {

  public NodeStart {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(timeToLive, "timeToLive");
    labels = Map.copyOf(labels);
    types = Set.copyOf(types);
  }
}
