package dev.holdfast.domain.placement;

import dev.holdfast.domain.value.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides which node may run what. A filter with reasons, without scores. */
public final class Placement {

  private Placement() {}

  /** Whether the node may serve tasks of this type and these constraints, whatever its load. */
  public static boolean serves(NodeProfile node, TypeName type, Constraints constraints) {
    return lasting(node, type, constraints).isEmpty();
  }

  /** Every reason that stands against the node now, its condition and load included. */
  public static Verdict judge(NodeProfile node, TypeName type, Constraints constraints) {
    List<Reason> reasons = lasting(node, type, constraints);
    condition(node).ifPresent(reasons::add);
    if (node.freeSlots() == 0) {
      reasons.add(new Reason(ReasonCode.AT_CAPACITY, "no free slot"));
    }
    return new Verdict(node.node(), reasons);
  }

  private static List<Reason> lasting(NodeProfile node, TypeName type, Constraints constraints) {
    var reasons = new ArrayList<Reason>();
    if (!node.types().contains(type)) {
      reasons.add(new Reason(ReasonCode.MISSING_EXECUTOR, "no handler for type " + type));
    }
    constraints.labels().forEach((key, wanted) -> label(node, key, wanted).ifPresent(reasons::add));
    if (constraints.allowedNodes() != null && !constraints.allowedNodes().contains(node.node())) {
      reasons.add(new Reason(ReasonCode.NOT_ALLOWED, "not among the allowed nodes"));
    }
    if (constraints.forbiddenNodes().contains(node.node())) {
      reasons.add(new Reason(ReasonCode.FORBIDDEN, "among the forbidden nodes"));
    }
    return reasons;
  }

  private static Optional<Reason> label(NodeProfile node, String key, String wanted) {
    String actual = node.labels().get(key);
    if (wanted.equals(actual)) {
      return Optional.empty();
    }
    String found = actual == null ? "has no such label" : "has " + key + "=" + actual;
    return Optional.of(new Reason(ReasonCode.LABEL, "needs " + key + "=" + wanted + ", " + found));
  }

  private static Optional<Reason> condition(NodeProfile node) {
    return switch (node.condition()) {
      case HEALTHY -> Optional.empty();
      case STALE -> Optional.of(new Reason(ReasonCode.STALE, "its heartbeat is late"));
      case DEAD -> Optional.of(new Reason(ReasonCode.DEAD, "its session has ended"));
      case DRAINING -> Optional.of(new Reason(ReasonCode.DRAINING, "it takes no new work"));
      case OBSERVER -> Optional.of(new Reason(ReasonCode.OBSERVER, "it only reads"));
    };
  }
}
