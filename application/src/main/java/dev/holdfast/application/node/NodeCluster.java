package dev.holdfast.application.node;

import dev.holdfast.application.engine.ClusterView;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.read.Stats;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What this node knows of all. */
final class NodeCluster implements ClusterView {

  /** Counts that took longer to read are answered from memory for a second. */
  private static final Duration DEAR = Duration.ofMillis(50);

  private static final Duration MAX_AGE = Duration.ofMillis(900);

  private final Storage storage;
  private final Membership membership;
  private final StorageTime time;
  private final InstantSource wallClock;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Stats lastStats;
  private long lastStatsNanos;
  private boolean isDear;

  NodeCluster(Storage storage, Membership membership, StorageTime time, InstantSource wallClock) {
    this.storage = storage;
    this.membership = membership;
    this.time = time;
    this.wallClock = wallClock;
  }

  @Override
  public List<NodeView> nodes() {
    Instant now = time.instant();
    return storage.sessions().nodes().stream()
        .filter(node -> !node.isForgotten(now))
        .toList();
  }

  @Override
  public Optional<Leader> leader() {
    return membership
        .leader()
        .map(lead -> new Leader(
            lead.node(), lead.address(), lead.term().number(), lead.since(), lead.expiresAt()));
  }

  @Override
  public boolean isLeader() {
    return membership.isLeader();
  }

  /** Reports who leads and how far the clocks are apart. */
  void report(Meters meters) {
    meters.gauge("holdfast.leader", () -> isLeader() ? 1 : 0);
    meters.gauge("holdfast.leader.term", () -> leader().map(Leader::term).orElse(0L));
    meters.gauge("holdfast.clock.skew.seconds", () -> clockSkew().toNanos() / 1e9);
  }

  @Override
  public Stats stats() {
    lock.lock();
    try {
      long now = System.nanoTime();
      Stats known = lastStats;
      if (known != null && isDear && now - lastStatsNanos < MAX_AGE.toNanos()) {
        return known;
      }
      Stats fresh = storage.tasks().stats();
      isDear = System.nanoTime() - now > DEAR.toNanos();
      lastStats = fresh;
      lastStatsNanos = now;
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Duration clockSkew() {
    return time.skewOf(wallClock);
  }
}
