package dev.holdfast.domain.port.node;

import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import java.util.Objects;

/** A session that would lead. */
public record Candidate(SessionId session, NodeId node) {

  public Candidate {
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(node, "node");
  }
}
