package dev.holdfast.domain.port.node;

import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.value.SessionId;
import java.time.Duration;
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

  private static final Duration REMEMBERED = Duration.ofDays(1);

  public NodeView {
    Objects.requireNonNull(profile, "profile");
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(heartbeatAt, "heartbeatAt");
  }

  /** Whether it died more than a day ago: nobody waits for it, and nobody wants to see it. */
  public boolean isForgotten(Instant now) {
    return profile.condition() == NodeCondition.DEAD
        && heartbeatAt.plus(REMEMBERED).isBefore(now);
  }
}
