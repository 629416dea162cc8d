package dev.holdfast.postgres.node;

import dev.holdfast.domain.port.node.Signals.Signal;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.EngineDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for hints on a connection and a thread of its own. That connection is also the node's
 * mark of life: its thread notices the end of it at once, and connects again long before anybody
 * has looked twice. After a break everything is assumed to have been said.
 */
final class HintListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HintListener.class);
  private static final int WAIT_MILLIS = 5_000;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final EngineDataSource source;
  private final String channel;
  private final String self;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Consumer<Signal> callback;
  private volatile @Nullable Backend backend;
  private volatile @Nullable Connection connection;
  private Duration pause = FIRST_PAUSE;

  /** Listens from now on; what {@code self} sent is not passed on. */
  HintListener(EngineDataSource source, String channel, String self, Consumer<Signal> callback) {
    this.source = source;
    this.channel = channel;
    this.self = self;
    this.callback = callback;
    Thread.ofPlatform().daemon().name("holdfast-listen").start(this::run);
  }

  void callBack(Consumer<Signal> other) {
    callback = other;
  }

  /** The server's process for its connection; empty while there is none that is ours alone. */
  Optional<Backend> backend() {
    return Optional.ofNullable(backend);
  }

  private void run() {
    while (!isClosed()) {
      try (Connection open = source.getConnection()) {
        connection = open;
        hear(open);
      } catch (SQLException | RuntimeException e) {
        backend = null;
        if (!isClosed()) {
          LOG.atDebug().setCause(e).log("the connection for hints broke");
        }
      }
      rest();
    }
  }

  private void hear(Connection open) throws SQLException {
    if (isPooled(open)) {
      LOG.atWarn()
          .log("a pooler shares connections between statements: hints are off, and only heartbeats"
              + " tell of dead nodes");
      pause = LONGEST_PAUSE.multipliedBy(60);
      return;
    }
    try (Statement statement = open.createStatement()) {
      statement.execute("LISTEN \"" + channel + "\"");
    }
    Handle handle = Database.handle(open);
    backend = Backend.of(handle).orElse(null);
    pause = FIRST_PAUSE;
    for (Signal signal : Signal.values()) {
      callback.accept(signal);
    }
    PGConnection postgres = open.unwrap(PGConnection.class);
    while (!isClosed()) {
      PGNotification[] heard = postgres.getNotifications(WAIT_MILLIS);
      for (PGNotification one : heard == null ? new PGNotification[0] : heard) {
        tell(one.getParameter());
      }
    }
  }

  /**
   * Whether two statements of one connection may reach different processes, tried while another
   * connection is inside a transaction: a pooler then has to show it.
   */
  private boolean isPooled(Connection open) throws SQLException {
    Handle handle = Database.handle(open);
    int before = Backend.pid(handle);
    try (Connection other = source.getConnection()) {
      other.setAutoCommit(false);
      int others = Backend.pid(Database.handle(other));
      int after = Backend.pid(handle);
      other.rollback();
      return before == others || before != after;
    }
  }

  private void tell(String payload) {
    String[] parts = payload.split(" ", 2);
    if (parts.length == 2 && !parts[1].equals(self)) {
      for (Signal signal : Signal.values()) {
        if (signal.name().equals(parts[0])) {
          callback.accept(signal);
        }
      }
    }
  }

  private void rest() {
    try {
      boolean ignored = closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      closed.countDown();
    }
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() throws SQLException {
    closed.countDown();
    Connection open = connection;
    if (open != null) {
      // A plain close would wait until the wait for hints is over.
      open.abort(Runnable::run);
    }
  }
}
