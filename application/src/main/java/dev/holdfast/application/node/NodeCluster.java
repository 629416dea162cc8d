package dev.holdfast.application.node;

import dev.holdfast.application.engine.ClusterView;
import dev.holdfast.application.engine.EngineSettings;
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

/** The view of a single node: it is the only one, so it leads. */
final class NodeCluster implements ClusterView {

  /** Counts that took longer to read are answered from memory for a second. */
  private static final Duration DEAR = Duration.ofMillis(50);

  private static final Duration MAX_AGE = Duration.ofMillis(900);

  private final Storage storage;
  private final EngineSettings settings;
  private final KeepSession session;
  private final StorageTime time;
  private final InstantSource wallClock;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Stats lastStats;
  private long lastStatsNanos;
  private boolean isDear;

  NodeCluster(
      Storage storage,
      EngineSettings settings,
      KeepSession session,
      StorageTime time,
      InstantSource wallClock) {
    this.storage = storage;
    this.settings = settings;
    this.session = session;
    this.time = time;
    this.wallClock = wallClock;
  }

  @Override
  public List<NodeView> nodes() {
    return storage.sessions().nodes();
  }

  @Override
  public Optional<Leader> leader() {
    if (session.isOver()) {
      return Optional.empty();
    }
    Instant expiresAt = time.instant().plus(settings.timeToLive());
    return Optional.of(
        new Leader(settings.node(), settings.address(), 1, session.since(), expiresAt));
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
