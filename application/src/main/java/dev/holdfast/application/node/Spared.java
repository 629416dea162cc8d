package dev.holdfast.application.node;

import dev.holdfast.application.cluster.Sight;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.node.Outlook;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A duty that is not done while the heartbeats see nothing to do for it. It is done when it is
 * woken, when it asked to be called soon, when the last heartbeat says that its time has come, and
 * as ever when the heartbeats tell nothing.
 */
final class Spared implements Loop {

  private final Loop duty;
  private final Dues dues;
  private final Duration poll;
  private final StorageTime time;
  private volatile Runnable waker = () -> {};
  private volatile boolean woken = true;
  private volatile @Nullable Sight sight;
  private volatile @Nullable Sight basis;
  private long lookedNanos;
  private boolean isIdle;

  /**
   * Spares a duty.
   *
   * @param poll the pause that the duty asks for when it has nothing to do
   */
  Spared(Loop duty, Dues dues, Duration poll, StorageTime time) {
    this.duty = duty;
    this.dues = dues;
    this.poll = poll;
    this.time = time;
  }

  /** When there is something to do. */
  @FunctionalInterface
  interface Dues {

    /**
     * By the storage's clock; null when there is nothing to do.
     *
     * @param before what had been seen when the duty last was done; null for nothing
     */
    @Nullable
    Instant next(Sight now, @Nullable Sight before);

    /** As the outlook says. */
    static Dues of(Outlook.Duty duty) {
      return (now, before) -> now.outlook().dues().get(duty);
    }
  }

  @Override
  public String name() {
    return duty.name();
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
    duty.wakeBy(() -> {
      woken = true;
      newWaker.run();
    });
  }

  /** A heartbeat was answered. */
  void see(Sight seen) {
    sight = seen;
    Instant next = dues.next(seen, basis);
    if (next != null && next.isBefore(time.instant().plus(poll))) {
      waker.run();
    }
  }

  @Override
  public Duration tick() {
    long now = time.nanos();
    Sight seen = sight;
    if (!woken && isIdle) {
      Duration rest = rest(seen, now);
      if (rest.isPositive()) {
        return rest;
      }
    }
    woken = false;
    isIdle = false;
    lookedNanos = now;
    Duration pause = duty.tick();
    basis = seen;
    isIdle = pause.compareTo(poll) >= 0;
    return pause;
  }

  private Duration rest(@Nullable Sight seen, long now) {
    if (seen == null || !seen.isFresh(now, poll)) {
      return poll.minusNanos(now - lookedNanos);
    }
    if (!seen.isAfter(lookedNanos)) {
      return seen.freshFor(now, poll);
    }
    Instant next = dues.next(seen, basis);
    Duration left = next == null ? poll : Duration.between(time.instant(), next).plusMillis(1);
    return left.compareTo(poll) < 0 ? left : poll;
  }
}
