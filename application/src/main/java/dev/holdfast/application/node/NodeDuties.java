package dev.holdfast.application.node;

import dev.holdfast.application.cluster.Lead;
import dev.holdfast.application.cluster.WatchDeaths;
import dev.holdfast.application.engine.Retention;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.task.ExpireTasks;
import dev.holdfast.application.task.Ledger;
import dev.holdfast.application.task.PromoteDue;
import dev.holdfast.application.task.ReclaimRuns;
import dev.holdfast.application.task.RemoveEnded;
import dev.holdfast.application.task.WorkOffDeferred;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Leadership;
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
final class NodeDuties implements Lead.Duties {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Host host;
  private final Consumer<RunKey> revoked;
  private final Consumer<Ledger.Effects> committed;
  private final StorageTime time;
  private final Pace pace;
  private final Meters meters;
  private final List<Loop> running = new ArrayList<>();
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
   * @param watch how often it is looked for nodes that died; null where there are no others
   * @param retention null to keep everything
   */
  record Pace(
      Duration longestPoll,
      @Nullable Duration watch,
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
    running.add(reclaim);
    if (pace.watch != null) {
      running.add(new WatchDeaths(storage.sessions(), pace.watch, ended -> died(ended, reclaim)));
    }
    running.add(newPromote);
    running.add(new ExpireTasks(storage, committed, revoked));
    running.add(newDeferred);
    running.add(new Upkeeping(storage, meters));
    if (pace.retention != null) {
      running.add(new RemoveEnded(storage, pace.retention.age(), meters));
    }
    running.forEach(host::start);
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
    host.stop(running, PATIENCE);
    running.clear();
  }
}
