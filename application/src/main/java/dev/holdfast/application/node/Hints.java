package dev.holdfast.application.node;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.domain.port.node.Signals.Signal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private boolean waited;
  private long sentNanos;

  Hints(Signals signals, LongSupplier nanos) {
    this.signals = signals;
    this.nanos = nanos;
    this.sentNanos = nanos.getAsLong() - LONGEST.toNanos();
  }

  void give(Signal signal) {
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
      waited = true;
      return apart.minusNanos(since);
    }
    apart = nextApart();
    for (Signal signal : EnumSet.copyOf(asked)) {
      asked.remove(signal);
      signals.send(signal);
    }
    sentNanos = nanos.getAsLong();
    return IDLE;
  }

  /** Twice as far when this one had to wait for the one before; else as near as can be. */
  private Duration nextApart() {
    Duration twice = apart.multipliedBy(2);
    Duration farther = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    Duration next = waited ? farther : SHORTEST;
    waited = false;
    return next;
  }
}
