package dev.holdfast.domain.value;

/** Identifies a node over its restarts; each run of it is a session. */
public record NodeId(String value) implements Comparable<NodeId> {

  /** Validated by {@link Names#free}. */
  public NodeId {
    Names.free("node", value);
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
