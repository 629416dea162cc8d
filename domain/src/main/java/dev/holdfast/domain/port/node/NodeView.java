package dev.holdfast.domain.port.node;

import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.util.Objects;

/**
 * A node as others see it.
 *
 * @param observer whether it only reads, whatever its condition
 */
public record NodeView(
    NodeProfile profile,
    SessionId session,
    String address,
    boolean observer,
    int slots,
    Instant startedAt,
    Instant heartbeatAt) {

  public NodeView {
    Objects.requireNonNull(profile, "profile");
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(heartbeatAt, "heartbeatAt");
  }
}
