package dev.holdfast.http;

import dev.holdfast.application.loop.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Reports to a Micrometer registry. Safe for concurrent use. */
public final class MicrometerMeters implements Meters {

  private final MeterRegistry registry;

  /** Reports to {@code registry}, which stays the caller's. */
  public MicrometerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void count(String name, long amount, String... tags) {
    registry.counter(name, tags).increment((double) amount);
  }

  @Override
  public void time(String name, Duration duration, String... tags) {
    registry.timer(name, tags).record(duration);
  }

  @Override
  public void gauge(String name, DoubleSupplier value, String... tags) {
    // A registry keeps the first registration; the last one shall win.
    forget(name, tags);
    Gauge.builder(name, value::getAsDouble).tags(tags).strongReference(true).register(registry);
  }

  @Override
  public void forget(String name, String... tags) {
    registry.remove(new Meter.Id(name, Tags.of(tags), null, null, Meter.Type.GAUGE));
  }
}
