package dev.holdfast.domain.placement;

import dev.holdfast.domain.value.NodeId;
import java.util.List;
import java.util.Objects;

/** Whether one node may run a task now, with every reason why not. */
public record Verdict(NodeId node, List<Reason> reasons) {

  public Verdict {
    Objects.requireNonNull(node, "node");
    reasons = List.copyOf(reasons);
  }

  /** Whether nothing stands against it. */
  public boolean isEligible() {
    return reasons.isEmpty();
  }
}
