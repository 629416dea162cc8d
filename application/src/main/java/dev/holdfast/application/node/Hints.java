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
 *
 * <p>While they are rare a hint may also ride on the commit that it tells of, which saves a
 * transaction. For the time of that commit the lock is held, so a node rides for at most a fifth of
 * the time: where commits are slow, or many nodes ride, it rides less. A ride that fails is not
 * tried again for a second.
 *
 * <p>Hints are given by any thread; one asks for rides.
 */
final class Hints implements Loop {

  private static final Duration SHORTEST = Duration.ofMillis(2);
  private static final Duration LONGEST = Duration.ofMillis(25);
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration REST_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final int REST_AFTER_RIDE = 4;

  private final Signals signals;
  private final Set<Signal> asked = ConcurrentHashMap.newKeySet();
  private volatile Runnable waker = () -> {};
  private final LongSupplier nanos;
  private Duration apart = SHORTEST;
  private final AtomicInteger asks = new AtomicInteger();
  private volatile long sentNanos;
  private volatile long rideBeganNanos;
  private volatile long restsUntilNanos;
  private volatile boolean riding;

  Hints(Signals signals, LongSupplier nanos) {
    this.signals = signals;
    this.nanos = nanos;
    this.sentNanos = nanos.getAsLong() - LONGEST.toNanos();
    this.restsUntilNanos = nanos.getAsLong();
  }

  void give(Signal signal) {
    asks.incrementAndGet();
    if (asked.add(signal)) {
      waker.run();
    }
  }

  /** Whether the transaction that begins now may carry a hint; {@link #rode} if it has. */
  boolean mayRide() {
    long now = nanos.getAsLong();
    boolean mayRide =
        asked.isEmpty() && now - sentNanos >= SHORTEST.toNanos() && now - restsUntilNanos >= 0;
    riding = mayRide;
    if (mayRide) {
      rideBeganNanos = now;
      restsUntilNanos = now + REST_AFTER_FAILURE.toNanos();
    }
    return mayRide;
  }

  /** A transaction is committed that carried none: if it might have, there was no failure. */
  void walked() {
    if (riding) {
      riding = false;
      restsUntilNanos = nanos.getAsLong();
    }
  }

  /** It has, and is committed. */
  void rode() {
    long now = nanos.getAsLong();
    riding = false;
    restsUntilNanos = now + REST_AFTER_RIDE * (now - rideBeganNanos);
    sentNanos = now;
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
