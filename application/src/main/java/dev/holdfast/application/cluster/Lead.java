package dev.holdfast.application.cluster;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Elections.Contest;
import dev.holdfast.domain.port.node.Elections.Renewal;
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
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Contends for the lead for as long as the node lives, renews it, and gives it up before anybody
 * else could have it. Safe for concurrent use.
 *
 * <p>The local deadline of a lead counts from before the request that got it, on the monotonic
 * clock: whatever the answer's delay, this node stops leading before the storage gives the lead to
 * another. Heartbeats renew it, and tell others who leads; this asks by itself where they do not. A
 * renewal that fails, or cannot be tried in time, demotes; the duties are stopped before anything
 * else happens. After Burrows (2006) and Gray and Cheriton (1989).
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
  private final Asking asking;
  private final Tenure tenure;
  private final CountDownLatch won = new CountDownLatch(1);
  private volatile @Nullable Leadership known;
  private volatile boolean stopped;
  private volatile Runnable waker = () -> {};

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
    this.tenure = new Tenure(settings.leaderLease(), nanos);
    this.asking = new Asking(settings.leaderRenew());
    this.deaths = new Deaths(storage.sessions(), nanos, settings.leaderRenew());
  }

  /** Whether this node leads, by its own monotonic clock too. */
  public boolean isLeader() {
    return tenure.own() != null && !tenure.isLate();
  }

  /** Who leads, as far as this node knows. */
  public Optional<Leadership> leader() {
    Leadership own = tenure.own();
    boolean isNobody = own != null && tenure.isLate();
    return isNobody ? Optional.empty() : Optional.ofNullable(own == null ? known : own);
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
    asking.hurry();
    waker.run();
  }

  /** What the next heartbeat is to renew; null while this node does not lead. */
  public @Nullable Renewal renewal() {
    return tenure.renewal();
  }

  /**
   * A heartbeat was answered: it told who leads, and did what {@code renewal} asked, or not.
   *
   * @param renewal as the heartbeat was sent with it; null without
   */
  public void see(Sight seen, @Nullable Renewal renewal, boolean renewed) {
    deaths.see(seen);
    asking.see(seen);
    if (!seen.outlook().vanished().isEmpty()) {
      waker.run();
    }
    Leadership own = tenure.own();
    if (own == null || renewal == null || !own.term().equals(renewal.term())) {
      return;
    }
    if (renewed) {
      prolong(seen.askedNanos());
    } else {
      // Why, is for the loop to find out, which may have to end the duties.
      wake();
    }
  }

  @Override
  public Duration tick() {
    if (stopped) {
      return settings.leaderRenew();
    }
    demoteIfLate();
    Leadership own = tenure.own();
    if (own != null) {
      keep(own);
    }
    if (tenure.own() == null) {
      seek();
    }
    return settings.watch();
  }

  /** Ends a lead whose time is up, also while a renewal waits for its answer. */
  void demoteIfLate() {
    Leadership own = tenure.own();
    if (own != null && tenure.isLate()) {
      demote(own, "its lease could not be renewed in time");
    }
  }

  private void keep(Leadership own) {
    long before = nanos.getAsLong();
    if (!asking.isTime(before)) {
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
    takeIn(candidate.get());
    boolean leaderDied = settings.role().mayLead() && endDeadLeader();
    long before = nanos.getAsLong();
    if (!leaderDied && !asking.isTime(before)) {
      return;
    }
    asking.asked(before);
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

  /** It is time to ask when nobody leads, and when the storage says that this node does. */
  private void takeIn(Candidate self) {
    Sight news = asking.news();
    if (news != null) {
      Leadership leader = news.outlook().lead();
      known = leader;
      if (leader == null || leader.session().equals(self.session())) {
        asking.hurry();
      }
    }
  }

  private boolean endDeadLeader() {
    Leadership leader = known;
    if (leader == null || deaths.end(leader.session()::equals) == 0) {
      return false;
    }
    at(Level.WARN, leader).log("the leader's process is gone");
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
      tenure.begin(leadership, requestedNanos);
      known = leadership;
      at(Level.INFO, leadership).log("this node leads");
      duties.begin(leadership, new LedStorage(storage, leadership.term()));
    } finally {
      change.unlock();
    }
    won.countDown();
  }

  private void prolong(long requestedNanos) {
    asking.asked(requestedNanos);
    tenure.prolong(requestedNanos);
  }

  private void demote(Leadership own, String why) {
    if (ends(own)) {
      asking.hurry();
      at(Level.WARN, own).log("this node leads no more: {}", why);
    }
  }

  /** Ends the duties, and only then the lead; false when somebody else did. */
  private boolean ends(Leadership own) {
    change.lock();
    try {
      if (!own.equals(tenure.own())) {
        return false;
      }
      duties.end();
      tenure.end();
      known = null;
      return true;
    } finally {
      change.unlock();
    }
  }

  /** Stops for good: ends the duties, gives the lead back at once. */
  public void resign() {
    stopped = true;
    Leadership own = tenure.own();
    if (own != null && ends(own)) {
      giveBack(own);
    }
  }

  private void giveBack(Leadership own) {
    try {
      elections().resign(own.term());
    } catch (StorageUnavailable e) {
      at(Level.WARN, own)
          .setCause(e)
          .log("the lead could not be given back; it ends with its lease");
      return;
    }
    storage.coordination().signals().send(Signal.ELECTION);
    at(Level.INFO, own).log("this node has given the lead back");
  }

  private static LoggingEventBuilder at(Level level, Leadership lead) {
    return LOG.atLevel(level).addKeyValue("node", lead.node()).addKeyValue("term", lead.term());
  }

  private Elections elections() {
    return storage.coordination().elections();
  }
}
