package dev.holdfast.postgres.node;

import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.EngineDataSource;
import dev.holdfast.postgres.submit.Notice;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hints by NOTIFY: each in a transaction of its own, after the commit that it tells of, or as a
 * {@link Notice} with that commit.
 */
public final class PostgresSignals implements Signals, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresSignals.class);

  private final Database pooled;
  private final EngineDataSource source;
  private final String channel;
  private final String self = UUID.randomUUID().toString();
  private volatile @Nullable HintListener listener;

  /** Opens nothing before somebody listens. */
  public PostgresSignals(Database pooled, EngineDataSource source, String schema) {
    this.pooled = pooled;
    this.source = source;
    this.channel = "holdfast_" + schema;
  }

  // A hint need not survive a crash, so its commit waits for no disk.
  private static final String NOTIFY = """
      SELECT set_config('synchronous_commit', 'off', true), pg_notify(:channel, :payload)
      """;

  @Override
  public void send(Signal signal) {
    try {
      pooled.single(handle -> handle
          .createQuery(NOTIFY)
          .bind("channel", channel)
          .bind("payload", payload(signal))
          .mapTo(String.class)
          .one());
    } catch (RuntimeException e) {
      LOG.atDebug().addKeyValue("signal", signal).setCause(e).log("a hint was lost");
    }
  }

  /** The same for whoever has a transaction already. */
  public Notice notice(Signal signal) {
    return new Notice(channel, payload(signal));
  }

  private String payload(Signal signal) {
    return signal.name() + " " + self;
  }

  @Override
  public synchronized void listen(Consumer<Signal> callback) {
    HintListener current = listener;
    if (current == null) {
      listener = new HintListener(source, channel, self, callback);
    } else {
      current.callBack(callback);
    }
  }

  /** The mark of life of whoever listens; empty while it is not connected. */
  Optional<Backend> backend() {
    HintListener current = listener;
    return current == null ? Optional.empty() : current.backend();
  }

  @Override
  public void close() throws SQLException {
    HintListener current = listener;
    if (current != null) {
      current.close();
    }
  }
}
