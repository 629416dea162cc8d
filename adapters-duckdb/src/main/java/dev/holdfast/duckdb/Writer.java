package dev.holdfast.duckdb;

import dev.holdfast.domain.port.StorageUnavailable;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one writer: transactions one after another, each on the same connection. */
final class Writer {

  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  /** From this size on the log is written into the file right after a commit. */
  private static final long LOG_LIMIT_BYTES = 16 << 20;
  /** From this size on it is worth a checkpoint when there is time. */
  private static final long LOG_TIDY_BYTES = 1 << 20;

  // Fair, so that a busy combiner does not starve heartbeats.
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Database database;
  private final Handle handle;
  private final InstantSource clock;
  private final Lanes lanes;
  private final Counters counters;
  private boolean closed;

  Writer(Database database, Handle handle, InstantSource clock, Lanes lanes, Counters counters) {
    this.database = database;
    this.handle = handle;
    this.clock = clock;
    this.lanes = lanes;
    this.counters = counters;
  }

  <T> T transact(Function<DuckTx, T> work) {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction of this thread is open already");
    }
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the storage is closed");
      }
      DuckTx tx = new DuckTx(handle, clock, lanes, counters);
      T answer = run(work, tx);
      commit(tx);
      return answer;
    } finally {
      lock.unlock();
    }
  }

  private <T> T run(Function<DuckTx, T> work, DuckTx tx) {
    try {
      return work.apply(tx);
    } catch (RuntimeException e) {
      rollBack(tx);
      throw Failures.translate(e);
    } catch (Error e) {
      rollBack(tx);
      throw e;
    } finally {
      tx.close();
    }
  }

  private void rollBack(DuckTx tx) {
    tx.rolledBack();
    if (tx.isTouched()) {
      rollBack();
    }
  }

  private void rollBack() {
    try {
      handle.getConnection().rollback();
    } catch (SQLException e) {
      LOG.debug("nothing to roll back", e);
    }
  }

  private void commit(DuckTx tx) {
    if (!tx.isTouched()) {
      return;
    }
    try {
      handle.getConnection().commit();
    } catch (SQLException e) {
      tx.rolledBack();
      rollBack();
      throw new StorageUnavailable("cannot commit: " + e.getMessage(), e);
    }
    tx.committed();
    database.highWater().committed(counters.transaction());
    if (database.highWater().logBytes() > LOG_LIMIT_BYTES) {
      checkpointSafely();
    }
  }

  private void checkpointSafely() {
    try {
      database.checkpoint(counters.level());
    } catch (StorageUnavailable e) {
      // The commit before it is durable in the log.
      LOG.warn("checkpoint failed", e);
    }
  }

  /** Writes the log into the file if it has grown enough. */
  void tidy() {
    lock.lock();
    try {
      if (!closed && database.highWater().logBytes() > LOG_TIDY_BYTES) {
        checkpointSafely();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Refuses work from now on, and leaves a whole file behind. */
  boolean close() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      checkpointSafely();
      Database.closeQuietly(handle.getConnection());
      return true;
    } finally {
      lock.unlock();
    }
  }
}
