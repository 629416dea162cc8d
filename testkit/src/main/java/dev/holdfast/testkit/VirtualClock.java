package dev.holdfast.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** A clock that moves only when it is told to. Safe for concurrent use. */
public final class VirtualClock implements InstantSource {

  /** Where every new clock stands unless told otherwise. */
  public static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");

  private volatile Instant now;

  /** Stands at {@link #EPOCH}. */
  public VirtualClock() {
    this(EPOCH);
  }

  /** Stands at {@code start}. */
  public VirtualClock(Instant start) {
    now = Objects.requireNonNull(start, "start");
  }

  @Override
  public Instant instant() {
    return now;
  }

  /**
   * Moves on.
   *
   * @throws IllegalArgumentException if {@code step} is negative: time never goes back
   */
  public synchronized void advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException("time never goes back, got " + step);
    }
    now = now.plus(step);
  }
}
