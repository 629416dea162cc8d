package dev.holdfast.application.engine;

import java.time.Duration;
import java.util.Objects;

/**
 * How long what has ended is kept.
 *
 * @param age how long ago a task ended before it is removed with its events; at least {@link
 *     #SHORTEST}
 */
public record Retention(Duration age) {

  /** Whoever asks again after a lost answer must still find what he asked for. */
  public static final Duration SHORTEST = Duration.ofMinutes(1);

  public Retention {
    Objects.requireNonNull(age, "age");
    if (age.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("age must be at least " + SHORTEST + ", got " + age);
    }
  }
}
