package dev.holdfast.application.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * An estimate of the storage's clock: its last word and the monotonic time since. Decides nothing
 * but when to look; safe for concurrent use.
 */
final class StorageTime implements InstantSource {

  private volatile Reading last;

  StorageTime(Instant now) {
    this.last = new Reading(now, System.nanoTime());
  }

  void sync(Instant now) {
    last = new Reading(now, System.nanoTime());
  }

  @Override
  public Instant instant() {
    Reading reading = last;
    return reading.instant.plusNanos(System.nanoTime() - reading.nanos);
  }

  /** How far another clock is ahead of the storage's. */
  Duration skewOf(InstantSource other) {
    return Duration.between(instant(), other.instant());
  }

  private record Reading(Instant instant, long nanos) {}
}
