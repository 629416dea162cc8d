package dev.holdfast.application.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do where there is nothing to be woken by. */
public final class Await {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Await() {}

  /** Returns when the condition holds; fails when it does not in time. */
  public static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it happens in time").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
