package dev.holdfast.application.worker;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The storage's clock as the runs of one claim see it: that of the claim and our monotonic time
 * since.
 *
 * @param claimedAt by the storage's clock
 * @param claimedNanos the same moment, or a later one, by ours
 * @param monotonic our clock
 */
record ClaimClock(Instant claimedAt, long claimedNanos, LongSupplier monotonic) {

  long nanos() {
    return monotonic.getAsLong();
  }

  /** The storage's time at a moment of ours, in whole microseconds. */
  Instant at(long nanos) {
    long micros = Math.max(0, (nanos - claimedNanos) / 1000);
    return claimedAt.plusNanos(micros * 1000);
  }
}
