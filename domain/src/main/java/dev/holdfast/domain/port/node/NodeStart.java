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
 * @param staleAfter how old its heartbeat may grow before others count on it no more
 * @param timeToLive how old its heartbeat may grow before its session ends; longer than staleAfter
 * @param mode how it shares the storage
 */
public record NodeStart(
    NodeId node,
    String address,
    Map<String, String> labels,
    Set<TypeName> types,
    int slots,
    Duration staleAfter,
    Duration timeToLive,
    Mode mode) {

  /** How a node shares the storage. */
  public enum Mode {
    /** It wants the storage for itself. */
    ALONE,
    /** One of several that work. */
    MEMBER,
    /** One of several; it only reads. */
    OBSERVER
  }

  public NodeStart {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(mode, "mode");
    if (!staleAfter.isPositive() || timeToLive.compareTo(staleAfter) <= 0) {
      throw new IllegalArgumentException(
          "staleAfter must be positive and less than timeToLive, got " + staleAfter + " and "
              + timeToLive);
    }
    labels = Map.copyOf(labels);
    types = Set.copyOf(types);
  }

  /** Whether it wants the storage for itself. */
  public boolean exclusive() {
    return mode == Mode.ALONE;
  }
}
