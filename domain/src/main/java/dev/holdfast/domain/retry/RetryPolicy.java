package dev.holdfast.domain.retry;

import dev.holdfast.domain.value.Names;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * When a failed attempt is tried again. Durations are cut to microseconds, the storages' precision.
 *
 * @param strategy how the delay grows
 * @param base the first delay; 1 µs to {@link #MAX_DELAY}
 * @param cap the longest delay before jitter; at least {@code base}, at most {@link #MAX_DELAY}
 * @param jitter 0 to 1: the delay is drawn evenly from ± this share of itself
 * @param nonRetryable error types that are never retried; at most {@value #MAX_NON_RETRYABLE}
 */
public record RetryPolicy(
    BackoffStrategy strategy,
    Duration base,
    Duration cap,
    double jitter,
    List<String> nonRetryable) {

  /** Upper bound of {@code base} and {@code cap}. */
  public static final Duration MAX_DELAY = Duration.ofDays(365);

  /** Upper bound of the number of error types that are not retried. */
  public static final int MAX_NON_RETRYABLE = 100;

  /** Upper bound in characters of one error type. */
  public static final int MAX_ERROR_TYPE_LENGTH = 255;

  // Above DEFAULT, whose constructor reads it.
  private static final Duration MIN_DELAY = Duration.ofNanos(1000);

  /** Exponential from one second to five minutes, ± 25 %. */
  public static final RetryPolicy DEFAULT = new RetryPolicy(
      BackoffStrategy.EXPONENTIAL, Duration.ofSeconds(1), Duration.ofMinutes(5), 0.25, List.of());

  public RetryPolicy {
    Objects.requireNonNull(strategy, "strategy");
    requireDelay("base", base);
    requireDelay("cap", cap);
    base = base.truncatedTo(ChronoUnit.MICROS);
    cap = cap.truncatedTo(ChronoUnit.MICROS);
    if (cap.compareTo(base) < 0) {
      throw new IllegalArgumentException("cap must be at least base " + base + ", got " + cap);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be 0..1, got " + jitter);
    }
    nonRetryable = List.copyOf(nonRetryable);
    if (nonRetryable.size() > MAX_NON_RETRYABLE) {
      throw new IllegalArgumentException(
          "nonRetryable must have at most " + MAX_NON_RETRYABLE + " entries");
    }
    nonRetryable.forEach(type -> Names.free("nonRetryable", type, MAX_ERROR_TYPE_LENGTH));
  }

  /** This policy with other error types that are never retried. */
  public RetryPolicy withNonRetryable(List<String> types) {
    return new RetryPolicy(strategy, base, cap, jitter, types);
  }

  /** Whether an attempt that failed with this error type may be tried again. */
  public boolean retries(String errorType) {
    return !nonRetryable.contains(errorType);
  }

  /**
   * The delay before the attempt that follows {@code failedAttempt}.
   *
   * @param failedAttempt counts from 1
   * @return whole microseconds, the storages' precision: at least one, at most cap × (1 + jitter)
   */
  public Duration delayAfter(int failedAttempt, RandomGenerator random) {
    Duration plain = plainDelay(failedAttempt);
    double factor = jitter == 0 ? 1 : 1 + jitter * (2 * random.nextDouble() - 1);
    long micros = (long) (plain.toNanos() / 1000.0 * factor);
    return Duration.ofNanos(Math.max(1, micros) * 1000);
  }

  private Duration plainDelay(int failedAttempt) {
    if (failedAttempt < 1) {
      throw new IllegalArgumentException("failedAttempt counts from 1, got " + failedAttempt);
    }
    double multiple = switch (strategy) {
      case FIXED -> 1;
      case LINEAR -> failedAttempt;
      case EXPONENTIAL -> Math.pow(2, failedAttempt - 1);
    };
    double ratioToCap = (double) cap.toNanos() / base.toNanos();
    return multiple >= ratioToCap ? cap : base.multipliedBy((long) multiple);
  }

  private static void requireDelay(String name, Duration delay) {
    Objects.requireNonNull(delay, name);
    if (delay.compareTo(MIN_DELAY) < 0 || delay.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException(
          name + " must be " + MIN_DELAY + ".." + MAX_DELAY + ", got " + delay);
    }
  }
}
