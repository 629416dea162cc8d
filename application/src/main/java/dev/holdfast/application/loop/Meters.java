package dev.holdfast.application.loop;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Where the engine reports what it counts and measures. Names begin with {@code holdfast.}; tags
 * come in pairs of name and value and are of low cardinality. Safe for concurrent use, never
 * throws, never blocks.
 */
public interface Meters {

  /** Reports nothing. */
  Meters NONE = new Meters() {
    @Override
    public void count(String name, long amount, String... tags) {}

    @Override
    public void time(String name, Duration duration, String... tags) {}

    @Override
    public void gauge(String name, DoubleSupplier value, String... tags) {}
  };

  /** Adds to a counter. */
  void count(String name, long amount, String... tags);

  /** Records one duration. */
  void time(String name, Duration duration, String... tags);

  /** Registers a value that is read when somebody looks. The last registration wins. */
  void gauge(String name, DoubleSupplier value, String... tags);

  /** Shows a gauge no more; what it measured has ended. One that was never registered is fine. */
  default void forget(String name, String... tags) {}
}
