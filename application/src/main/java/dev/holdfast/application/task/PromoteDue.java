package dev.holdfast.application.task;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Makes scheduled tasks pending when they are due and wakes suspended ones. Looks when the next
 * due time that this node knows of has come, and at the longest poll for those of other nodes.
 */
public final class PromoteDue implements Loop {

  private static final int BATCH = 1000;
  private static final int MAX_HINTS = 10_000;

  private final Storage storage;
  private final Consumer<Ledger.Effects> committed;
  private final InstantSource storageClock;
  private final Duration longestPoll;
  private final PriorityQueue<Instant> hints = new PriorityQueue<>();
  private volatile Runnable waker = () -> {};

  /**
   * Promotes on a storage.
   *
   * @param storageClock an estimate of the storage's clock; only decides when to look
   */
  public PromoteDue(
      Storage storage,
      Consumer<Ledger.Effects> committed,
      InstantSource storageClock,
      Duration longestPoll) {
    this.storage = storage;
    this.committed = committed;
    this.storageClock = storageClock;
    this.longestPoll = longestPoll;
  }

  /** Tells of due times, so that the look is in time. Bounded: what is dropped, the poll finds. */
  public void expect(List<Instant> dues) {
    boolean isEarlier;
    synchronized (hints) {
      Instant first = hints.peek();
      dues.stream().limit(MAX_HINTS - hints.size()).forEach(hints::add);
      isEarlier = hints.peek() != null && !hints.peek().equals(first);
    }
    if (isEarlier) {
      waker.run();
    }
  }

  @Override
  public String name() {
    return "promote";
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
  }

  @Override
  public Duration tick() {
    Instant before = storageClock.instant();
    Done done = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      List<Place> due = tx.places().takeDue(BATCH);
      Instant now = tx.now();
      ledger.carryOut(ledger.entries(due, (task, place) -> moveOf(place, now)));
      return new Done(due.size(), ledger.effects());
    });
    committed.accept(done.effects);
    return done.count == BATCH ? Duration.ZERO : pause(before);
  }

  private record Done(int count, Ledger.Effects effects) {}

  private static Move moveOf(Place place, Instant now) {
    return switch (place) {
      case Place.Scheduled scheduled -> Lifecycle.promote(scheduled);
      case Place.Suspended suspended -> Lifecycle.resume(suspended, now);
      case Place.Ready ready -> throw new IllegalStateException("not due later: " + ready);
      case Place.Blocked blocked -> throw new IllegalStateException("not due later: " + blocked);
      case Place.Held held -> throw new IllegalStateException("not due later: " + held);
    };
  }

  private Duration pause(Instant before) {
    synchronized (hints) {
      while (hints.peek() != null && !hints.peek().isAfter(before)) {
        hints.remove();
      }
      Instant next = hints.peek();
      if (next == null) {
        return longestPoll;
      }
      Duration left = Duration.between(storageClock.instant(), next).plusMillis(1);
      return left.isNegative() ? Duration.ofMillis(1) : min(left, longestPoll);
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
