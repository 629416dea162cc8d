package dev.holdfast.postgres.node;

import dev.holdfast.postgres.db.EngineDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that carries heartbeats and the exclusive lock: never of the pool, so that an
 * exhausted pool stops no heartbeat. Opened with the first use and again when it broke. One thread
 * uses it at a time, the others wait.
 */
final class Lifeline implements ConnectionFactory, AutoCloseable {

  private final EngineDataSource source;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Connection connection;

  Lifeline(EngineDataSource source) {
    this.source = source;
  }

  @Override
  public Connection openConnection() throws SQLException {
    turn.lock();
    try {
      Connection current = connection;
      if (current == null || current.isClosed()) {
        current = source.getConnection();
        connection = current;
      }
      return current;
    } catch (SQLException | RuntimeException e) {
      turn.unlock();
      throw e;
    }
  }

  /** Keeps it open, if it still is. */
  @Override
  public void closeConnection(Connection used) {
    turn.unlock();
  }

  @Override
  public void close() throws SQLException {
    turn.lock();
    try {
      if (connection != null) {
        connection.close();
      }
    } finally {
      turn.unlock();
    }
  }
}
