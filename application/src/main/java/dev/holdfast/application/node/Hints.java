package dev.holdfast.application.node;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.domain.port.node.Signals.Signal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Sends hints to the other nodes, each kind at most every 25 ms, however many ask for it. */
final class Hints implements Loop {

  private static final Duration APART = Duration.ofMillis(25);
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Signals signals;
  private final Set<Signal> asked = ConcurrentHashMap.newKeySet();
  private volatile Runnable waker = () -> {};
  private final LongSupplier nanos;
  private long sentNanos;

  Hints(Signals signals, LongSupplier nanos) {
    this.signals = signals;
    this.nanos = nanos;
    this.sentNanos = nanos.getAsLong() - APART.toNanos();
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
    if (since < APART.toNanos()) {
      return APART.minusNanos(since);
    }
    for (Signal signal : EnumSet.copyOf(asked)) {
      asked.remove(signal);
      signals.send(signal);
    }
    sentNanos = nanos.getAsLong();
    return IDLE;
  }
}
