package dev.holdfast.application.node;

import dev.holdfast.application.cluster.Sight;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.worker.Worker;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.value.SessionId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims work for the free slots. A claim whose answer was lost is asked for again under the same
 * request id, so that nothing is stranded. Pauses grow while there is nothing to do; a wake-up is a
 * hint that ends the pause. While the heartbeats see nothing pending, nothing is asked at all.
 */
final class ClaimWork implements Loop {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
  private static final Duration STOPPED = Duration.ofSeconds(1);

  private final Storage storage;
  private final KeepSession session;
  private final Worker worker;
  private final LongSupplier nanos;
  private final Lanes lanes;
  private final Runnable committed;
  private final Duration longestPoll;
  private final Meters meters;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile Runnable waker = () -> {};
  private volatile boolean mayHaveMore = true;
  private volatile boolean awake = true;
  private volatile @Nullable Sight sight;
  private Duration pause = FIRST_PAUSE;
  private long wokenNanos;
  private long lanesReadNanos;
  private long request = 1;
  private boolean unanswered;

  ClaimWork(
      Storage storage,
      KeepSession session,
      Worker worker,
      LongSupplier nanos,
      Lanes lanes,
      Runnable committed,
      Duration longestPoll,
      Meters meters) {
    this.storage = storage;
    this.session = session;
    this.worker = worker;
    this.nanos = nanos;
    this.lanes = lanes;
    this.committed = committed;
    this.longestPoll = longestPoll;
    this.meters = meters;
  }

  @Override
  public String name() {
    return "claim";
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
  }

  /** Something became pending. */
  void wake() {
    awake = true;
    mayHaveMore = true;
    waker.run();
  }

  /** A heartbeat was answered. */
  void see(Sight seen) {
    Sight before = sight;
    sight = seen;
    if (seen.outlook().isPending() && (before == null || !before.outlook().isPending())) {
      waker.run();
    }
  }

  /** Slots have become free. */
  void roomMade() {
    if (mayHaveMore) {
      waker.run();
    }
  }

  /** Claims nothing more; a claim under way is waited for by whoever stops the loop. */
  void stop() {
    stopped.set(true);
  }

  boolean isStopped() {
    return stopped.get();
  }

  @Override
  public Duration tick() {
    int wanted = worker.wanted();
    if (stopped.get() || session.isOver()) {
      return STOPPED;
    }
    if (wanted == 0) {
      return longestPoll;
    }
    if (awake) {
      awake = false;
      pause = FIRST_PAUSE;
      wokenNanos = nanos.getAsLong();
    } else if (!unanswered && isNothingPending()) {
      return longestPoll;
    }
    if (lanes.served().isEmpty() && !lanes.refresh()) {
      return grow();
    }
    Duration rest = claim(session.id(), wanted);
    return isTimeForLanes() && lanes.refresh() ? Duration.ZERO : rest;
  }

  /** A heartbeat has looked, since the last wake-up and not longer ago than a look would be. */
  private boolean isNothingPending() {
    Sight seen = sight;
    return seen != null
        && !seen.outlook().isPending()
        && seen.isAfter(wokenNanos)
        && seen.isFresh(nanos.getAsLong(), longestPoll);
  }

  private Duration claim(SessionId id, int wanted) {
    mayHaveMore = true;
    ClaimRequest asked = new ClaimRequest(id, request, lanes.served(), wanted, unanswered);
    unanswered = true;
    ClaimAnswer answer = storage.atOnce(tx -> tx.runs().claim(asked));
    // The request is answered: only now may the next one have another id.
    unanswered = false;
    request++;
    return switch (answer) {
      case ClaimAnswer.SessionOver over -> {
        session.isOverNow(id);
        yield STOPPED;
      }
      case ClaimAnswer.Claimed claimed -> take(id, claimed, wanted);
    };
  }

  private Duration take(SessionId id, ClaimAnswer.Claimed claimed, int wanted) {
    int count = claimed.assignments().size();
    mayHaveMore = count == wanted;
    if (count == 0) {
      lanesReadNanos = 0;
      return grow();
    }
    meters.count("holdfast.tasks.claimed", count);
    worker.accept(claimed, nanos.getAsLong());
    if (!session.isCurrent(id)) {
      // It ended after the claim: its handlers were stopped before these were among them.
      claimed.assignments().forEach(one -> worker.revoked(one.held().run().key()));
    }
    committed.run();
    pause = FIRST_PAUSE;
    if (count < wanted) {
      return FIRST_PAUSE;
    }
    return worker.wanted() > 0 ? Duration.ZERO : longestPoll;
  }

  /**
   * New lanes are looked for every poll, and after a claim that gave nothing: what woke this loop
   * may lie in one. A claim that gives something does not wait for that.
   */
  private boolean isTimeForLanes() {
    long now = nanos.getAsLong();
    boolean isTime = lanesReadNanos == 0 || now - lanesReadNanos >= longestPoll.toNanos();
    if (isTime) {
      lanesReadNanos = now;
    }
    return isTime;
  }

  private Duration grow() {
    Duration now = pause;
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(longestPoll) < 0 ? doubled : longestPoll;
    lanesReadNanos = 0;
    return now;
  }
}
