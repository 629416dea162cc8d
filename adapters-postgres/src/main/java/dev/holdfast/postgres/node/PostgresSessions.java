package dev.holdfast.postgres.node;

import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.EngineDataSource;
import dev.holdfast.postgres.node.Heartbeats.Beating;
import dev.holdfast.postgres.node.Heartbeats.Found;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The nodes and their sessions. Safe for concurrent use. */
public final class PostgresSessions implements Sessions, AutoCloseable {

  // The server needs a moment to see that a killed process is gone.
  private static final Duration HOLDER_MAY_VANISH = Duration.ofSeconds(2);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  // How long a look within a heartbeat may take, and for how long it is left out when it did.
  private static final Duration DEAR = Duration.ofMillis(100);
  private static final Duration SPARED = Duration.ofSeconds(10);

  private final Database pooled;
  private final Lifeline lifeline;
  private final Database dedicated;
  private final PostgresSignals signals;
  private final ExclusiveLock lock = new ExclusiveLock();
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Holder holder;
  private long looksFromNanos = System.nanoTime();

  /** The exclusive session of this process. */
  private record Holder(SessionId session, NodeId node) {}

  /**
   * Opens nothing yet.
   *
   * @param pooled for what need not be in time
   * @param source of the one connection for what must be
   * @param signals whose connection is the mark of life
   */
  public PostgresSessions(Database pooled, EngineDataSource source, PostgresSignals signals) {
    this.pooled = pooled;
    this.lifeline = new Lifeline(source);
    this.dedicated = new Database(lifeline);
    this.signals = signals;
  }

  @Override
  public Opening open(NodeStart start) {
    turn.lock();
    try {
      forgetEndedHolder();
      Holder ours = holder;
      if (ours != null && !ours.node.equals(start.node())) {
        return refused();
      }
      return start.exclusive() ? openExclusive(start) : openShared(start);
    } finally {
      turn.unlock();
    }
  }

  /** A holder whose session somebody ended for its old heartbeat holds no more. */
  private void forgetEndedHolder() {
    Holder ours = holder;
    if (ours != null && !dedicated.single(handle -> SessionRows.isOpen(handle, ours.session))) {
      letGo();
    }
  }

  private Opening openExclusive(NodeStart start) {
    if (!takeLock()) {
      return refused();
    }
    Opening.Opened opened = dedicated.transact(handle -> SessionRows.open(handle, start));
    holder = new Holder(opened.session(), start.node());
    return opened;
  }

  private boolean takeLock() {
    long giveUpAt = System.nanoTime() + HOLDER_MAY_VANISH.toNanos();
    while (dedicated.single(lock::take) != ExclusiveLock.Taken.OURS) {
      if (System.nanoTime() > giveUpAt) {
        return false;
      }
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_TRIES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageUnavailable("interrupted while another holder may vanish", e);
    }
  }

  private Opening openShared(NodeStart start) {
    if (holder != null) {
      letGo();
    }
    Opening.@Nullable Opened opened = dedicated.transact(
        handle -> ExclusiveLock.isFree(handle) ? SessionRows.open(handle, start) : null);
    return opened == null ? refused() : opened;
  }

  private Opening refused() {
    return new Opening.Refused(dedicated.single(SessionRows::holder));
  }

  private void letGo() {
    dedicated.single(handle -> {
      lock.release(handle);
      return true;
    });
    holder = null;
  }

  @Override
  public Pulse beat(SessionId session, NodeLoad load, @Nullable Renewal renewal) {
    turn.lock();
    try {
      boolean exclusive = holder != null && holder.session.equals(session);
      Found found = dedicated.single(handle -> {
        Integer connection = exclusive ? lock.backend() : null;
        Found first = beat(handle, session, connection, load, renewal);
        // Nobody was hit: the session has ended, or this connection has not got the lock.
        return first.pulse() instanceof Pulse.Over && exclusive && keepsLock(handle)
            ? beat(handle, session, lock.backend(), load, renewal)
            : first;
      });
      spare(found.took());
      return found.pulse();
    } catch (StorageUnavailable e) {
      spare(DEAR);
      throw e;
    } finally {
      turn.unlock();
    }
  }

  /** Where many dead rows make the look long, a heartbeat must not come late for it. */
  private void spare(Duration took) {
    if (took.compareTo(DEAR) >= 0) {
      looksFromNanos = System.nanoTime() + SPARED.toNanos();
    }
  }

  private Found beat(
      Handle handle,
      SessionId session,
      @Nullable Integer connection,
      NodeLoad load,
      @Nullable Renewal renewal) {
    boolean looks = System.nanoTime() - looksFromNanos >= 0;
    Beating who = new Beating(session, signals.backend().orElse(null), connection, looks);
    return Heartbeats.beat(handle, who, load, renewal);
  }

  /** A new connection has to take the lock again. */
  private boolean keepsLock(Handle handle) {
    return switch (lock.take(handle)) {
      case OURS -> true;
      case ELSEWHERE -> false;
      case LINGERS ->
        throw new StorageUnavailable(
            "the connection with the exclusive lock broke, its lock is not free yet",
            new IllegalStateException("lock lingers"));
    };
  }

  @Override
  public void end(SessionId session) {
    turn.lock();
    try {
      dedicated.transact(handle -> SessionRows.end(handle, session));
      if (holder != null && holder.session.equals(session)) {
        letGo();
      }
    } finally {
      turn.unlock();
    }
  }

  @Override
  public List<SessionId> lost(int limit) {
    pooled.single(SessionRows::endStale);
    return pooled.single(handle -> SessionRows.lost(handle, limit));
  }

  @Override
  public List<SessionId> vanished() {
    return dedicated.single(SessionRows::vanished);
  }

  @Override
  public boolean endVanished(SessionId session) {
    return dedicated.transact(handle -> SessionRows.endVanished(handle, session));
  }

  /** The connection that is never the pool's. */
  Database dedicated() {
    return dedicated;
  }

  @Override
  public List<NodeView> nodes() {
    return pooled.single(NodeRows::nodes);
  }

  /** Closes the connection, and with it gives back the exclusive lock. */
  @Override
  public void close() throws SQLException {
    lifeline.close();
  }
}
