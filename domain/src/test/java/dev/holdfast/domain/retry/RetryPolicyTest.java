package dev.holdfast.domain.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MICRO = Duration.ofNanos(1000);
  private static final Duration YEAR = Duration.ofDays(365);

  @Test
  void default_is_the_one_of_the_contract() {
    assertThat(RetryPolicy.DEFAULT)
        .isEqualTo(new RetryPolicy(
            BackoffStrategy.EXPONENTIAL, SECOND, Duration.ofMinutes(5), 0.25, List.of()));
  }

  @Test
  void fixed_is_always_the_base() {
    assertThat(seconds(BackoffStrategy.FIXED, 1, 2, 3, 100)).containsExactly(1L, 1L, 1L, 1L);
  }

  @Test
  void linear_grows_by_the_base_up_to_the_cap() {
    assertThat(seconds(BackoffStrategy.LINEAR, 1, 2, 3, 59, 60, 61, 100))
        .containsExactly(1L, 2L, 3L, 59L, 60L, 60L, 60L);
  }

  @Test
  void exponential_doubles_up_to_the_cap() {
    assertThat(seconds(BackoffStrategy.EXPONENTIAL, 1, 2, 3, 6, 7, 100))
        .containsExactly(1L, 2L, 4L, 32L, 60L, 60L);
  }

  @Test
  void delay_never_overflows() {
    for (BackoffStrategy strategy : BackoffStrategy.values()) {
      RetryPolicy widest = policy(strategy, MICRO, YEAR, 0);
      for (int attempt : new int[] {1, 2, 44, 45, 46, 63, 64, 65, 1024, Integer.MAX_VALUE}) {
        assertThat(widest.delayAfter(attempt, new Random(1))).isBetween(MICRO, YEAR);
      }
    }
    assertThat(policy(BackoffStrategy.EXPONENTIAL, YEAR, YEAR, 0).delayAfter(1, new Random(1)))
        .isEqualTo(YEAR);
  }

  @Test
  void delay_never_shrinks_with_the_attempt() {
    for (BackoffStrategy strategy : BackoffStrategy.values()) {
      RetryPolicy policy = policy(strategy, Duration.ofNanos(1_234_000), YEAR, 0);
      assertThat(IntStream.rangeClosed(1, 100)
              .mapToObj(attempt -> policy.delayAfter(attempt, new Random(1)))
              .toList())
          .isSorted();
    }
  }

  @Test
  void jitter_stays_within_its_share() {
    RetryPolicy policy = policy(BackoffStrategy.FIXED, SECOND, SECOND, 0.25);
    var random = new Random(20_260_301);

    List<Duration> delays =
        IntStream.range(0, 10_000).mapToObj(i -> policy.delayAfter(1, random)).toList();

    assertThat(delays)
        .allMatch(delay -> delay.toMillis() >= 750 && delay.compareTo(Duration.ofMillis(1250)) < 0);
    assertThat(Collections.min(delays)).isLessThan(Duration.ofMillis(760));
    assertThat(Collections.max(delays)).isGreaterThan(Duration.ofMillis(1240));
    assertThat(delays.stream().mapToLong(Duration::toMillis).average().orElseThrow())
        .isBetween(990.0, 1010.0);
  }

  @Test
  void jitter_of_one_reaches_from_one_microsecond_to_twice_the_cap() {
    RetryPolicy policy = policy(BackoffStrategy.FIXED, SECOND, SECOND, 1);

    assertThat(policy.delayAfter(1, drawing(0))).isEqualTo(MICRO);
    assertThat(policy.delayAfter(1, drawing(Math.nextDown(1.0))))
        .isBetween(Duration.ofMillis(1999), Duration.ofSeconds(2));
    assertThat(
            policy(BackoffStrategy.FIXED, YEAR, YEAR, 1).delayAfter(1, drawing(Math.nextDown(1.0))))
        .isLessThanOrEqualTo(YEAR.multipliedBy(2));
  }

  @Test
  void delay_is_a_whole_number_of_microseconds() {
    Duration odd = Duration.ofNanos(1500);

    assertThat(policy(BackoffStrategy.FIXED, odd, odd, 0))
        .isEqualTo(policy(BackoffStrategy.FIXED, MICRO, MICRO, 0));
    assertThat(policy(BackoffStrategy.FIXED, odd, odd, 0).delayAfter(1, new Random(1)))
        .isEqualTo(MICRO);
    assertThat(policy(BackoffStrategy.LINEAR, odd, SECOND, 0.5).delayAfter(7, new Random(1)))
        .matches(delay -> delay.toNanos() % 1000 == 0);
    assertThat(
            policy(BackoffStrategy.FIXED, YEAR.minus(MICRO), YEAR, 0).delayAfter(1, new Random(1)))
        .isEqualTo(YEAR.minus(MICRO));
  }

  @Test
  void delayAfter_counts_attempts_from_one() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.DEFAULT.delayAfter(0, new Random(1)))
        .withMessageContaining("counts from 1");
  }

  @Test
  void retries_all_but_the_named_error_types() {
    RetryPolicy policy = RetryPolicy.DEFAULT.withNonRetryable(List.of("fatal"));

    assertThat(policy.retries("fatal")).isFalse();
    assertThat(policy.retries("Fatal")).isTrue();
    assertThat(RetryPolicy.DEFAULT.retries("fatal")).isTrue();
  }

  @Test
  void bounds_are_checked() {
    refused("base", () -> policy(BackoffStrategy.FIXED, Duration.ZERO, SECOND, 0));
    refused("base", () -> policy(BackoffStrategy.FIXED, Duration.ofNanos(999), SECOND, 0));
    refused("base", () -> policy(BackoffStrategy.FIXED, SECOND.negated(), SECOND, 0));
    refused("cap", () -> policy(BackoffStrategy.FIXED, SECOND, YEAR.plusNanos(1), 0));
    refused("cap", () -> policy(BackoffStrategy.FIXED, SECOND, Duration.ofMillis(999), 0));
    for (double jitter : new double[] {-0.01, 1.01, Double.NaN, Double.NEGATIVE_INFINITY}) {
      refused("jitter", () -> policy(BackoffStrategy.FIXED, SECOND, SECOND, jitter));
    }
    refused(
        "nonRetryable",
        () -> RetryPolicy.DEFAULT.withNonRetryable(Collections.nCopies(101, "fatal")));
    refused("nonRetryable", () -> RetryPolicy.DEFAULT.withNonRetryable(List.of("")));
    refused("nonRetryable", () -> RetryPolicy.DEFAULT.withNonRetryable(List.of("x".repeat(256))));
  }

  private static void refused(String name, Runnable construction) {
    assertThatIllegalArgumentException().isThrownBy(construction::run).withMessageContaining(name);
  }

  private static List<Long> seconds(BackoffStrategy strategy, int... attempts) {
    RetryPolicy policy = policy(strategy, SECOND, Duration.ofMinutes(1), 0);
    return IntStream.of(attempts)
        .mapToObj(attempt -> policy.delayAfter(attempt, new Random(1)).toSeconds())
        .toList();
  }

  private static RetryPolicy policy(
      BackoffStrategy strategy, Duration base, Duration cap, double jitter) {
    return new RetryPolicy(strategy, base, cap, jitter, List.of());
  }

  private static RandomGenerator drawing(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new UnsupportedOperationException();
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }
}
