package dev.holdfast.domain.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** When a new task may start at the earliest. */
public sealed interface Due {

  /** As soon as a node is free. */
  Due NOW = new Now();

  /** As soon as a node is free. */
  record Now() implements Due {}

  /** At an instant of the storage's clock, at most {@link #LATEST}; a past one means now. */
  record At(Instant instant) implements Due {

    /** Late enough for anybody, and an expiry a year later still has a year of four digits. */
    public static final Instant LATEST = Instant.parse("9998-01-01T00:00:00Z");

    public At {
      Objects.requireNonNull(instant, "instant");
      if (instant.isAfter(LATEST)) {
        throw new IllegalArgumentException("due must be at most " + LATEST + ", got " + instant);
      }
    }
  }

  /** After a delay from the submission, by the storage's clock. */
  record After(Duration delay) implements Due {

    public After {
      Objects.requireNonNull(delay, "delay");
      RunPolicy.requireDuration("delay", delay);
    }
  }
}
