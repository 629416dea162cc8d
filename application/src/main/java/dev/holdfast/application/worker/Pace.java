package dev.holdfast.application.worker;

import dev.holdfast.domain.port.tx.ClaimRequest;
import java.time.Duration;

/**
 * How much to claim: the free slots; and when handlers take hardly any time, what the slots will
 * have run, at their measured rate, before a claim or two could be answered. No more, since what
 * waits here could run on another node. Safe for concurrent use.
 */
final class Pace {

  /** Handlers that take longer are never prefetched for. */
  static final Duration SHORT_RUN = Duration.ofMillis(10);

  /** For how long there is work in reserve. */
  static final Duration AHEAD = Duration.ofMillis(20);

  private static final double WEIGHT_OF_NEWEST = 0.05;

  private volatile double averageNanos = SHORT_RUN.toNanos() * 10.0;

  /** A handler took so long. */
  void took(Duration duration) {
    // A lost update of a moving average does no harm.
    double old = averageNanos;
    averageNanos = old + WEIGHT_OF_NEWEST * (duration.toNanos() - old);
  }

  /** How many tasks may wait for a slot. */
  int reserve(int slots) {
    double average = averageNanos;
    if (average >= SHORT_RUN.toNanos()) {
      return 0;
    }
    return (int) Math.min(ClaimRequest.MAX_LIMIT, slots * (AHEAD.toNanos() / average));
  }

  /**
   * How many to ask for now.
   *
   * @param free how many slots nothing runs in and nothing waits for
   * @param queued how many tasks wait for a slot
   */
  int wanted(int slots, int free, int queued) {
    int room = free > 0 ? free : -queued;
    return Math.clamp((long) reserve(slots) + room, 0, ClaimRequest.MAX_LIMIT);
  }
}
