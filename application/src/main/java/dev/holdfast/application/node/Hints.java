package dev.holdfast.application.node;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.domain.port.node.Signals.Signal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Sends hints to the other nodes, however many ask for one: at once while they are rare, so that an
 * idle cluster reacts within milliseconds, and ever further apart up to 25 ms while they are not,
 * since commits that notify queue behind one lock of the whole database.
 */
final class Hints implements Loop {

  private static final Duration SHORTEST = Duration.ofMillis(2);
  private static final Duration LONGEST = Duration.ofMillis(25);
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Signals signals;
  private final Set<Signal> asked = ConcurrentHashMap.newKeySet();
  private volatile Runnable waker = () -> {};
  private final LongSupplier nanos;
  private Duration apart = SHORTEST;
  private final AtomicInteger asks = new AtomicInteger();
  private long sentNanos;

  Hints(Signals signals, LongSupplier nanos) {
    this.signals = signals;
    this.nanos = nanos;
    this.sentNanos = nanos.getAsLong() - LONGEST.toNanos();
  }

  void give(Signal signal) {
    asks.incrementAndGet();
    if (asked.add(signal)) {
      waker.run();
    }
  }

  @Override
  public String name() {
    return "hints";
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
  }

  @Override
  public Duration tick() {
    if (asked.isEmpty()) {
      return IDLE;
    }
    long since = nanos.getAsLong() - sentNanos;
    if (since < apart.toNanos()) {
      return apart.minusNanos(since);
    }
    apart = nextApart(since);
    for (Signal signal : EnumSet.copyOf(asked)) {
      asked.remove(signal);
      signals.send(signal);
    }
    sentNanos = nanos.getAsLong();
    return IDLE;
  }

  /** Twice as far when they are asked for faster than they could go; else as near as can be. */
  private Duration nextApart(long since) {
    if (since >= SHORTEST.toNanos() * asks.getAndSet(0)) {
      return SHORTEST;
    }
    Duration twice = apart.multipliedBy(2);
    return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
  }
}
