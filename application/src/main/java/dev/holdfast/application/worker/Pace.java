package dev.holdfast.application.worker;

import dev.holdfast.domain.port.tx.ClaimRequest;
import java.time.Duration;

/**
 * How much to claim: the free slots; and when handlers take hardly any time, enough to keep the
 * slots busy until the next claim. Safe for concurrent use.
 */
final class Pace {

  /** Handlers that take longer are never prefetched for. */
  static final Duration SHORT_RUN = Duration.ofMillis(10);

  private static final double WEIGHT_OF_NEWEST = 0.05;

  private volatile double averageNanos = SHORT_RUN.toNanos() * 10.0;

  /** A handler took so long. */
  void took(Duration duration) {
    // A lost update of a moving average does no harm.
    double old = averageNanos;
    averageNanos = old + WEIGHT_OF_NEWEST * (duration.toNanos() - old);
  }

  int wanted(int slots, int free, int queued) {
    if (slots == 0) {
      return 0;
    }
    if (averageNanos >= SHORT_RUN.toNanos()) {
      return Math.min(free, ClaimRequest.MAX_LIMIT);
    }
    int reserve = ClaimRequest.MAX_LIMIT + free - queued;
    return Math.max(0, Math.min(reserve, ClaimRequest.MAX_LIMIT));
  }
}
