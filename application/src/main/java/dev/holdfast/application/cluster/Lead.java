package dev.holdfast.application.cluster;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Elections.Contest;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Signals.Signal;
import dev.holdfast.domain.value.SessionId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Contends for the lead for as long as the node lives, renews it, and gives it up before anybody
 * else could have it. Belongs to the thread that ticks it, its answers to everybody.
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
  private volatile @Nullable Leadership mine;
  private volatile @Nullable Leadership known;
  private volatile boolean stopped;
  private volatile Runnable waker = () -> {};
  private Set<SessionId> goneBefore = Set.of();
  private long deadlineNanos;
  private long contendedNanos;

  /**
   * A node's part in the elections.
   *
   * @param self the node and its session; empty while it has none
   */
  public Lead(
      Storage storage,
      Supplier<Optional<Candidate>> self,
      ClusterSettings settings,
      Duties duties) {
    this.storage = storage;
    this.self = self;
    this.settings = settings;
    this.duties = duties;
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
    return mine != null && System.nanoTime() - deadlineNanos < 0;
  }

  /** Who leads, as far as this node knows. */
  public Optional<Leadership> leader() {
    Leadership own = mine;
    return Optional.ofNullable(own != null ? own : known);
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
    contendedNanos = 0;
    waker.run();
  }

  @Override
  public Duration tick() {
    if (stopped) {
      return settings.leaderRenew();
    }
    if (mine != null) {
      keep(mine);
    }
    if (mine == null) {
      seek();
    }
    return settings.watch();
  }

  /** Demotes when the deadline has passed, however that came; renews when it is time. */
  private void keep(Leadership leadership) {
    if (System.nanoTime() - deadlineNanos >= 0) {
      demote("the lease could not be renewed in time");
      return;
    }
    long before = System.nanoTime();
    if (before - contendedNanos < settings.leaderRenew().toNanos()) {
      return;
    }
    try {
      if (elections().renew(leadership.term(), settings.leaderLease())) {
        prolong(before);
      } else {
        demote("somebody else may lead");
      }
    } catch (StorageUnavailable e) {
      // Unknown, so tried again until the deadline.
      LOG.atDebug().setCause(e).log("a renewal got no answer");
    }
  }

  private void seek() {
    Optional<Candidate> candidate = self.get();
    if (candidate.isEmpty()) {
      return;
    }
    boolean leaderIsGone = settings.role().mayLead() && endVanishedLeader();
    long before = System.nanoTime();
    if (!leaderIsGone && before - contendedNanos < settings.leaderRenew().toNanos()) {
      return;
    }
    contendedNanos = before;
    if (!settings.role().mayLead()) {
      known = elections().leader().orElse(null);
      return;
    }
    switch (elections().contend(candidate.get(), settings.leaderLease())) {
      case Contest.Won won -> begin(won.leadership(), before);
      case Contest.Lost lost -> known = lost.leader();
      case Contest.SessionOver ignored -> known = null;
    }
  }

  /** Ends the leader's session when its process was gone twice in a row. */
  private boolean endVanishedLeader() {
    Leadership leader = known;
    if (leader == null) {
      return false;
    }
    Set<SessionId> gone = new HashSet<>(storage.sessions().vanished());
    boolean isGone = gone.contains(leader.session()) && goneBefore.contains(leader.session());
    goneBefore = gone;
    if (isGone) {
      LOG.atWarn()
          .addKeyValue("leader", leader.node())
          .addKeyValue("term", leader.term())
          .log("the leader's process is gone");
      storage.sessions().end(leader.session());
      known = null;
    }
    return isGone;
  }

  private void begin(Leadership leadership, long requestedNanos) {
    prolong(requestedNanos);
    mine = leadership;
    known = leadership;
    LOG.atInfo()
        .addKeyValue("node", leadership.node())
        .addKeyValue("term", leadership.term())
        .log("this node leads");
    duties.begin(leadership, new LedStorage(storage, leadership.term()));
  }

  private void prolong(long requestedNanos) {
    contendedNanos = requestedNanos;
    deadlineNanos = requestedNanos + settings.leaderLease().toNanos();
  }

  private void demote(String why) {
    Leadership lost = mine;
    mine = null;
    known = null;
    duties.end();
    if (lost != null) {
      LOG.atWarn()
          .addKeyValue("node", lost.node())
          .addKeyValue("term", lost.term())
          .log("this node leads no more: {}", why);
    }
  }

  /** Stops for good: ends the duties, gives the lead back at once. */
  public void resign() {
    stopped = true;
    Leadership lost = mine;
    if (lost != null) {
      mine = null;
      duties.end();
      elections().resign(lost.term());
      storage.coordination().signals().send(Signal.ELECTION);
    }
  }

  private Elections elections() {
    return storage.coordination().elections();
  }
}
