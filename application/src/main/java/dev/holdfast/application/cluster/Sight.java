package dev.holdfast.application.cluster;

import dev.holdfast.domain.port.node.Outlook;
import java.time.Duration;

/**
 * What the answer of a heartbeat told of, with the instant before it was asked, by the monotonic
 * clock: everything that had happened by then is in it.
 */
public record Sight(Outlook outlook, long askedNanos) {

  /** Whether it was asked after an instant. */
  public boolean isAfter(long instantNanos) {
    return askedNanos - instantNanos > 0;
  }

  /** Whether it is as good as a look of one's own would be that is due every {@code poll}. */
  public boolean isFresh(long nowNanos, Duration poll) {
    return freshFor(nowNanos, poll).isPositive();
  }

  /** For how long it is as good; not positive when it is no more. */
  public Duration freshFor(long nowNanos, Duration poll) {
    // Heartbeats and looks of the same pace must not overtake each other for a moment's delay.
    return poll.plus(poll.dividedBy(4)).minusNanos(nowNanos - askedNanos);
  }
}
