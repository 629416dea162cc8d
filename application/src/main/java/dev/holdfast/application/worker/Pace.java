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

  /** Of fewer runs nothing is concluded; of more, the newest weighs the reciprocal of this. */
  private static final int MEMORY = 20;

  private volatile int seen;
  private volatile double averageNanos;

  /** A handler took so long: a mean at first, a moving average later. */
  void took(Duration duration) {
    // A lost update does no harm to an average.
    int count = Math.min(seen + 1, MEMORY);
    double old = averageNanos;
    averageNanos = old + (duration.toNanos() - old) / count;
    if (seen < MEMORY) {
      seen = count;
    }
  }

  /** How many tasks may wait for a slot. */
  int reserve(int slots) {
    double average = averageNanos;
    if (seen < MEMORY || average >= SHORT_RUN.toNanos()) {
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
