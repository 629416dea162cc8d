package dev.holdfast.application.node;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.domain.port.Storage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Rolls up counts, lets the storage tidy itself, and reports how it fares. */
final class Upkeeping implements Loop {

  private static final Duration POLL = Duration.ofSeconds(10);

  /** Ticks are this much more frequent while there is much to roll up. */
  private static final int HASTE = 4;

  /** What was read longer ago is not told: somebody else leads, or the storage is away. */
  private static final long STALE_NANOS = Duration.ofMinutes(1).toNanos();

  private final Storage storage;
  private final Meters meters;
  private final Map<String, Double> gauges = new ConcurrentHashMap<>();
  private volatile long readNanos;
  private int hasty;

  Upkeeping(Storage storage, Meters meters) {
    this.storage = storage;
    this.meters = meters;
  }

  @Override
  public String name() {
    return "upkeep";
  }

  @Override
  public Duration tick() {
    int rolledUp = storage.upkeep().rollUpCounts();
    storage.upkeep().tidy();
    hasty = rolledUp == 0 ? 0 : (hasty + 1) % HASTE;
    if (hasty == 0) {
      report();
    }
    return rolledUp == 0 ? POLL : POLL.dividedBy(HASTE);
  }

  private void report() {
    Map<String, Double> read = storage.upkeep().gauges();
    readNanos = System.nanoTime();
    read.forEach((name, value) -> {
      if (gauges.put(name, value) == null) {
        meters.gauge(name, () -> value(name));
      }
    });
  }

  private double value(String name) {
    boolean isStale = System.nanoTime() - readNanos > STALE_NANOS;
    return isStale ? Double.NaN : gauges.getOrDefault(name, Double.NaN);
  }
}
