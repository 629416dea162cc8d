package dev.holdfast.application.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * An estimate of the storage's clock: its last word and the monotonic time since. Decides nothing
 * but when to look; safe for concurrent use.
 */
final class StorageTime implements InstantSource {

  private final LongSupplier nanos;
  private volatile Reading last;

  StorageTime(Instant now, LongSupplier nanos) {
    this.nanos = nanos;
    this.last = new Reading(now, nanos.getAsLong());
  }

  /** The monotonic clock. */
  long nanos() {
    return nanos.getAsLong();
  }

  void sync(Instant now) {
    last = new Reading(now, nanos());
  }

  @Override
  public Instant instant() {
    Reading reading = last;
    return reading.instant.plusNanos(nanos() - reading.nanos);
  }

  /** How far another clock is ahead of the storage's. */
  Duration skewOf(InstantSource other) {
    return Duration.between(instant(), other.instant());
  }

  private record Reading(Instant instant, long nanos) {}
}
