package dev.holdfast.domain.task;

import dev.holdfast.domain.retry.RetryPolicy;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How often and how long a task may run. Durations are cut to microseconds, the precision of
 * storages.
 *
 * @param maxAttempts 1..{@value #MAX_ATTEMPTS}
 * @param timeout of one attempt; none when null
 * @param expiresIn of the whole task, from its due time or creation; none when null
 */
public record RunPolicy(
    int maxAttempts,
    RetryPolicy retry,
    @Nullable Duration timeout,
    @Nullable Duration expiresIn,
    WorkerLoss onWorkerLoss) {

  /** Upper bound of attempts. */
  public static final int MAX_ATTEMPTS = 100;

  /** Upper bound of every duration. */
  public static final Duration MAX_DURATION = Duration.ofDays(365);

  /** Three attempts, exponential back-off, no timeout, no expiry. */
  public static final RunPolicy DEFAULT =
      new RunPolicy(3, RetryPolicy.DEFAULT, null, null, WorkerLoss.RETRY);

  public RunPolicy {
    if (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
      throw new IllegalArgumentException(
          "maxAttempts must be 1.." + MAX_ATTEMPTS + ", got " + maxAttempts);
    }
    Objects.requireNonNull(retry, "retry");
    Objects.requireNonNull(onWorkerLoss, "onWorkerLoss");
    requireDuration("timeout", timeout);
    requireDuration("expiresIn", expiresIn);
    timeout = inMicros(timeout);
    expiresIn = inMicros(expiresIn);
  }

  private static @Nullable Duration inMicros(@Nullable Duration duration) {
    return duration == null ? null : duration.truncatedTo(ChronoUnit.MICROS);
  }

  /** Checks a duration: at least a microsecond, the storages' precision, at most a year. */
  public static void requireDuration(String name, @Nullable Duration duration) {
    if (duration != null
        && (duration.compareTo(Duration.ofNanos(1000)) < 0
            || duration.compareTo(MAX_DURATION) > 0)) {
      throw new IllegalArgumentException(name + " must be PT0.000001S..P365D, got " + duration);
    }
  }
}
