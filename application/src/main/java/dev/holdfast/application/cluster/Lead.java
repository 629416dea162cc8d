package dev.holdfast.application.cluster;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Elections.Contest;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Signals.Signal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Contends for the lead for as long as the node lives, renews it, and gives it up before anybody
 * else could have it. Safe for concurrent use.
 *
 * <p>The local deadline of a lead counts from before the request that got it, on the monotonic
 * clock: whatever the answer's delay, this node stops leading before the storage gives the lead to
 * another. A renewal that fails, or cannot be tried in time, demotes; the duties are stopped before
 * anything else happens. After Burrows (2006) and Gray and Cheriton (1989).
 */
public final class Lead implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(Lead.class);

  private final Storage storage;
  private final Supplier<Optional<Candidate>> self;
  private final ClusterSettings settings;
  private final Duties duties;
  private final LongSupplier nanos;
  private final Deaths deaths;
  private final ReentrantLock change = new ReentrantLock();
  private final CountDownLatch won = new CountDownLatch(1);
  private volatile @Nullable Leadership mine;
  private volatile @Nullable Leadership known;
  private volatile long deadlineNanos;
  private volatile boolean stopped;
  private volatile boolean isDue = true;
  private volatile Runnable waker = () -> {};
  private long askedNanos;

  /**
   * A node's part in the elections.
   *
   * @param self the node and its session; empty while it has none
   * @param nanos the monotonic clock
   */
  public Lead(
      Storage storage,
      Supplier<Optional<Candidate>> self,
      ClusterSettings settings,
      Duties duties,
      LongSupplier nanos) {
    this.storage = storage;
    this.self = self;
    this.settings = settings;
    this.duties = duties;
    this.nanos = nanos;
    this.deaths = new Deaths(storage.sessions());
  }

  /** What a leader does, and others do not. */
  public interface Duties {

    /** Begins them for a term; {@code led} refuses every write once the term is over. */
    void begin(Leadership leadership, Storage led);

    /** Stops them, and returns when none of them runs any more. */
    void end();
  }

  /** Whether this node leads, by its own monotonic clock too. */
  public boolean isLeader() {
    return mine != null && !isLate();
  }

  /** Who leads, as far as this node knows. */
  public Optional<Leadership> leader() {
    Leadership own = mine;
    if (own == null) {
      return Optional.ofNullable(known);
    }
    return isLate() ? Optional.empty() : Optional.of(own);
  }

  /**
   * Waits until this node has won once.
   *
   * @return whether it did within the patience
   */
  public boolean awaitWin(Duration patience) throws InterruptedException {
    return won.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public String name() {
    return "lead";
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
  }

  /** The lead was given back somewhere. */
  public void wake() {
    isDue = true;
    waker.run();
  }

  @Override
  public Duration tick() {
    if (stopped) {
      return settings.leaderRenew();
    }
    demoteIfLate();
    Leadership own = mine;
    if (own != null) {
      keep(own);
    }
    if (mine == null) {
      seek();
    }
    return settings.watch();
  }

  /** Ends a lead whose time is up, also while a renewal waits for its answer. */
  void demoteIfLate() {
    Leadership own = mine;
    if (own != null && isLate()) {
      demote(own, "its lease could not be renewed in time");
    }
  }

  private boolean isLate() {
    return nanos.getAsLong() - deadlineNanos >= 0;
  }

  private void keep(Leadership own) {
    long before = nanos.getAsLong();
    if (!isTimeToAsk(before)) {
      return;
    }
    try {
      if (elections().renew(own.term(), settings.leaderLease())) {
        prolong(before);
      } else {
        demote(own, "its term is over");
      }
    } catch (StorageUnavailable e) {
      // Whether it was renewed is unknown: tried again until the deadline.
      LOG.atDebug().addKeyValue("term", own.term()).setCause(e).log("a renewal got no answer");
    }
  }

  private void seek() {
    Optional<Candidate> candidate = self.get();
    if (candidate.isEmpty()) {
      return;
    }
    boolean leaderDied = settings.role().mayLead() && endDeadLeader();
    long before = nanos.getAsLong();
    if (!leaderDied && !isTimeToAsk(before)) {
      return;
    }
    askedNanos = before;
    isDue = false;
    if (!settings.role().mayLead()) {
      known = elections().leader().orElse(null);
      return;
    }
    switch (elections().contend(candidate.get(), settings.leaderLease())) {
      case Contest.Won it -> begin(it.leadership(), before);
      case Contest.Lost lost -> known = lost.leader();
      case Contest.SessionOver ignored -> known = null;
    }
  }

  private boolean isTimeToAsk(long now) {
    return isDue || now - askedNanos >= settings.leaderRenew().toNanos();
  }

  private boolean endDeadLeader() {
    Leadership leader = known;
    if (leader == null || deaths.end(leader.session()::equals) == 0) {
      return false;
    }
    LOG.atWarn()
        .addKeyValue("leader", leader.node())
        .addKeyValue("term", leader.term())
        .log("the leader's process is gone");
    known = null;
    return true;
  }

  private void begin(Leadership leadership, long requestedNanos) {
    change.lock();
    try {
      if (stopped) {
        elections().resign(leadership.term());
        return;
      }
      prolong(requestedNanos);
      known = leadership;
      mine = leadership;
      LOG.atInfo()
          .addKeyValue("node", leadership.node())
          .addKeyValue("term", leadership.term())
          .log("this node leads");
      duties.begin(leadership, new LedStorage(storage, leadership.term()));
    } finally {
      change.unlock();
    }
    won.countDown();
  }

  private void prolong(long requestedNanos) {
    askedNanos = requestedNanos;
    isDue = false;
    deadlineNanos = requestedNanos + settings.leaderLease().toNanos();
  }

  private void demote(Leadership own, String why) {
    if (ends(own)) {
      isDue = true;
      LOG.atWarn()
          .addKeyValue("node", own.node())
          .addKeyValue("term", own.term())
          .log("this node leads no more: {}", why);
    }
  }

  /** Ends the duties, and only then the lead; false when somebody else did. */
  private boolean ends(Leadership own) {
    change.lock();
    try {
      if (!own.equals(mine)) {
        return false;
      }
      duties.end();
      mine = null;
      known = null;
      return true;
    } finally {
      change.unlock();
    }
  }

  /** Stops for good: ends the duties, gives the lead back at once. */
  public void resign() {
    stopped = true;
    Leadership own = mine;
    if (own != null && ends(own)) {
      giveBack(own);
    }
  }

  private void giveBack(Leadership own) {
    try {
      elections().resign(own.term());
    } catch (StorageUnavailable e) {
      LOG.atWarn()
          .addKeyValue("node", own.node())
          .addKeyValue("term", own.term())
          .setCause(e)
          .log("the lead could not be given back; it ends with its lease");
      return;
    }
    storage.coordination().signals().send(Signal.ELECTION);
    LOG.atInfo()
        .addKeyValue("node", own.node())
        .addKeyValue("term", own.term())
        .log("this node has given the lead back");
  }

  private Elections elections() {
    return storage.coordination().elections();
  }
}
