package dev.holdfast.domain.port.node;

import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.util.Objects;

/**
 * A lead.
 *
 * @param address the base URL of the node; empty when it has none
 * @param since when its term began
 * @param expiresAt when it ends unless renewed
 */
public record Leadership(
    Term term, SessionId session, NodeId node, String address, Instant since, Instant expiresAt) {

  public Leadership {
    Objects.requireNonNull(term, "term");
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }
}
