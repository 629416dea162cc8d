package dev.holdfast.application.node;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

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

  /** Ids of version 7 from the storage's time, growing within a millisecond too. */
  Supplier<TaskId> ids(RandomGenerator random) {
    TimeOrderedEpochFactory factory = TimeOrderedEpochFactory.builder()
        .withInstantFunction(this::instant)
        .withRandom(Random.from(random))
        .withIncrementPlus1()
        .build();
    return () -> new TaskId(factory.create());
  }

  private record Reading(Instant instant, long nanos) {}
}
