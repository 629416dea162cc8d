package dev.holdfast.application.node;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.cluster.Duties;
import dev.holdfast.application.cluster.Sight;
import dev.holdfast.application.cluster.WatchDeaths;
import dev.holdfast.application.engine.Retention;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.node.Spared.Dues;
import dev.holdfast.application.task.ExpireTasks;
import dev.holdfast.application.task.Ledger;
import dev.holdfast.application.task.PromoteDue;
import dev.holdfast.application.task.ReclaimRuns;
import dev.holdfast.application.task.RemoveEnded;
import dev.holdfast.application.task.WorkOffDeferred;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Outlook.Duty;
import dev.holdfast.domain.run.RunKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a leader does for all: reclaim, promote, expire, work off, keep up, remove. A single node
 * does it as long as it lives. Each begin has loops of its own, so that nothing of an old term goes
 * on.
 */
final class NodeDuties implements Duties {

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_UNLOOKED = Duration.ofSeconds(10);

  private final Host host;
  private final Consumer<RunKey> revoked;
  private final Consumer<Ledger.Effects> committed;
  private final StorageTime time;
  private final Pace pace;
  private final Meters meters;
  private final List<Loop> running = new ArrayList<>();
  private volatile List<Consumer<Sight>> watching = List.of();
  private volatile @Nullable PromoteDue promote;
  private volatile @Nullable WorkOffDeferred deferred;

  NodeDuties(
      Host host,
      Consumer<RunKey> revoked,
      Consumer<Ledger.Effects> committed,
      StorageTime time,
      Pace pace,
      Meters meters) {
    this.host = host;
    this.revoked = revoked;
    this.committed = committed;
    this.time = time;
    this.pace = pace;
    this.meters = meters;
  }

  /**
   * When there is something to do.
   *
   * @param cluster how nodes that died are looked for; null where there are no others
   * @param retention null to keep everything
   */
  record Pace(
      Duration longestPoll,
      @Nullable ClusterSettings cluster,
      @Nullable Retention retention) {}

  @Override
  public void begin(Leadership leadership, Storage led) {
    begin(led);
  }

  /** Begins the duties of a node that is alone. */
  synchronized void begin(Storage storage) {
    PromoteDue newPromote = new PromoteDue(storage, committed, time, pace.longestPoll);
    promote = newPromote;
    WorkOffDeferred newDeferred = new WorkOffDeferred(storage, committed);
    deferred = newDeferred;
    ReclaimRuns reclaim = new ReclaimRuns(storage, committed);
    List<Consumer<Sight>> seeing = new ArrayList<>();
    spare(reclaim, NodeDuties::reclaimAt, POLL, seeing);
    if (pace.cluster != null) {
      var deaths = new WatchDeaths(
          storage.sessions(), pace.cluster, host::nanos, ended -> died(ended, reclaim));
      seeing.add(deaths::see);
      running.add(deaths);
    }
    spare(newPromote, Dues.of(Duty.PROMOTE), pace.longestPoll, seeing);
    spare(new ExpireTasks(storage, committed, revoked), Dues.of(Duty.EXPIRE), POLL, seeing);
    spare(newDeferred, Dues.of(Duty.WORK_OFF), POLL, seeing);
    running.add(new Upkeeping(storage, meters));
    if (pace.retention != null) {
      running.add(new RemoveEnded(storage, pace.retention.age(), meters));
    }
    watching = seeing;
    running.forEach(host::start);
  }

  private void spare(Loop duty, Dues dues, Duration poll, List<Consumer<Sight>> seeing) {
    Spared spared = new Spared(duty, dues, poll, time);
    seeing.add(spared::see);
    running.add(spared);
  }

  /**
   * At once when a session has begun or ended, since one that ended may hold something. One that
   * did both between two heartbeats is found with the next look that is due in any case.
   */
  private static @Nullable Instant reclaimAt(Sight now, @Nullable Sight before) {
    boolean isChanged =
        before == null || !now.outlook().live().equals(before.outlook().live());
    boolean isLongAgo =
        before != null && now.askedNanos() - before.askedNanos() >= LONGEST_UNLOOKED.toNanos();
    return isChanged || isLongAgo ? Instant.EPOCH : now.outlook().dues().get(Duty.RECLAIM);
  }

  /** A heartbeat was answered. */
  void see(Sight sight) {
    watching.forEach(one -> one.accept(sight));
  }

  private void died(int ended, ReclaimRuns reclaim) {
    meters.count("holdfast.sessions.vanished", ended);
    reclaim.wake();
  }

  /** Tells of due times. A follower's are found by the leader's poll. */
  void expect(List<Instant> dues) {
    PromoteDue current = promote;
    if (current != null) {
      current.expect(dues);
    }
  }

  /** Something was deferred. A follower's is found by the leader's poll. */
  void workOff() {
    WorkOffDeferred current = deferred;
    if (current != null) {
      current.wake();
    }
  }

  @Override
  public synchronized void end() {
    promote = null;
    deferred = null;
    watching = List.of();
    host.stop(running, PATIENCE);
    running.clear();
  }
}
