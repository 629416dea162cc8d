package dev.holdfast.postgres.node;

import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.EngineDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hints by NOTIFY, each in a transaction of its own, after the commit that it tells of. Heard on a
 * connection and a thread of their own; after a break everything is assumed to have been said.
 */
final class PostgresSignals implements Signals, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresSignals.class);
  private static final int WAIT_MILLIS = 5_000;
  private static final Duration RECONNECT = Duration.ofMillis(500);

  private final Database pooled;
  private final EngineDataSource source;
  private final String channel;
  private final String self = UUID.randomUUID().toString();
  private volatile Consumer<Signal> callback = signal -> {};
  private volatile boolean closed;
  private @Nullable Thread listener;
  private volatile @Nullable Connection connection;

  /** Opens nothing before somebody listens. */
  PostgresSignals(Database pooled, EngineDataSource source, String schema) {
    this.pooled = pooled;
    this.source = source;
    this.channel = "holdfast_" + schema;
  }

  private static final String NOTIFY = "SELECT pg_notify(:channel, :payload) IS NULL AS sent";

  @Override
  public void send(Signal signal) {
    try {
      pooled.single(handle -> handle
          .createQuery(NOTIFY)
          .bind("channel", channel)
          .bind("payload", signal.name() + " " + self)
          .mapTo(Boolean.class)
          .one());
    } catch (RuntimeException e) {
      LOG.atDebug().addKeyValue("signal", signal).setCause(e).log("a hint was lost");
    }
  }

  @Override
  public synchronized void listen(Consumer<Signal> newCallback) {
    callback = newCallback;
    if (listener == null) {
      listener = Thread.ofPlatform().daemon().name("holdfast-listen").start(this::run);
    }
  }

  private void run() {
    while (!closed) {
      try (Connection open = source.getConnection()) {
        connection = open;
        hear(open);
      } catch (SQLException | RuntimeException e) {
        if (!closed) {
          LOG.atDebug().setCause(e).log("the hints' connection broke");
          pause();
        }
      }
    }
  }

  private void hear(Connection open) throws SQLException {
    open.setAutoCommit(true);
    try (Statement statement = open.createStatement()) {
      statement.execute("LISTEN \"" + channel + "\"");
    }
    for (Signal signal : Signal.values()) {
      callback.accept(signal);
    }
    PGConnection postgres = open.unwrap(PGConnection.class);
    while (!closed) {
      PGNotification[] heard = postgres.getNotifications(WAIT_MILLIS);
      if (heard != null) {
        for (PGNotification one : heard) {
          tell(one.getParameter());
        }
      }
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

  private void pause() {
    try {
      Thread.sleep(RECONNECT);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() throws SQLException {
    closed = true;
    Connection open = connection;
    if (open != null) {
      open.close();
    }
  }
}
