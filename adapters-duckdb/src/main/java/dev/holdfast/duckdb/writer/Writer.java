package dev.holdfast.duckdb.writer;

import dev.holdfast.domain.port.StorageInUse;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.duckdb.db.Database;
import dev.holdfast.duckdb.db.Failures;
import dev.holdfast.duckdb.db.Readers;
import dev.holdfast.duckdb.row.Lanes;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one writer: transactions one after another, each on the same connection. */
public final class Writer {

  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  /** From this size on the log is written into the file right after a commit. */
  private static final long LOG_LIMIT_BYTES = 16 << 20;
  /** From this size on it is worth a checkpoint when there is time. */
  private static final long LOG_TIDY_BYTES = 1 << 20;

  // Fair, so that a busy combiner does not starve heartbeats.
  private final ReentrantLock lock = new ReentrantLock(true);
  private final InstantSource clock;
  private final Lanes lanes;
  private final Counters counters;
  private final Readers readers;
  private Database database;
  private Handle handle;
  private boolean isBroken;
  private boolean isClosed;

  /**
   * Connects, and fills the lanes and counters.
   *
   * @param readers to be given new connections when the file is opened anew, and closed with it
   */
  public Writer(
      Database database, InstantSource clock, Lanes lanes, Counters counters, Readers readers)
      throws SQLException {
    this.database = database;
    this.clock = clock;
    this.lanes = lanes;
    this.counters = counters;
    this.readers = readers;
    handle = connect();
  }

  private Handle connect() throws SQLException {
    Handle connected = Jdbi.create(database.connect()).open();
    counters.load(connected, database.level());
    lanes.load(connected);
    connected.getConnection().commit();
    return connected;
  }

  /**
   * Runs {@code work} in a transaction and commits it, if it executed anything.
   *
   * @throws IllegalStateException if a transaction of this thread is open, or the storage closed
   */
  public <T> T transact(Function<Transaction, T> work) {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction of this thread is open already");
    }
    lock.lock();
    try {
      if (isClosed) {
        throw new IllegalStateException("the storage is closed");
      }
      if (isBroken) {
        reopen();
      }
      Transaction tx = new Transaction(handle, clock, lanes, counters);
      T answer = run(work, tx);
      commit(tx);
      return answer;
    } finally {
      lock.unlock();
    }
  }

  private void reopen() {
    try {
      readers.replace(() -> {
        database = database.reopened();
        handle = connect();
        return database;
      });
      isBroken = false;
      LOG.warn("the file was opened anew after a failure");
    } catch (SQLException e) {
      throw Failures.of(e);
    } catch (StorageInUse e) {
      throw new StorageUnavailable("cannot open the file anew: " + e.getMessage(), e);
    }
  }

  private <T> T run(Function<Transaction, T> work, Transaction tx) {
    try {
      return work.apply(tx);
    } catch (RuntimeException e) {
      isBroken = Failures.isFatal(e);
      rollBack(tx);
      throw Failures.translate(e);
    } catch (Error e) {
      rollBack(tx);
      throw e;
    } finally {
      tx.close();
    }
  }

  private void rollBack(Transaction tx) {
    tx.rolledBack();
    if (tx.isTouched()) {
      try {
        handle.getConnection().rollback();
      } catch (SQLException e) {
        LOG.debug("nothing to roll back", e);
      }
    }
  }

  private void commit(Transaction tx) {
    if (!tx.isTouched()) {
      return;
    }
    try {
      handle.getConnection().commit();
    } catch (SQLException e) {
      // The driver takes the transaction for open, DuckDB does not: it would commit each statement.
      isBroken = true;
      tx.rolledBack();
      throw new StorageUnavailable("cannot commit: " + e.getMessage(), e);
    }
    tx.committed();
    database.highWater().committed(counters.transaction());
    if (database.highWater().logBytes() > LOG_LIMIT_BYTES) {
      checkpoint();
    }
  }

  private void checkpoint() {
    try {
      database.checkpoint(counters.level());
    } catch (StorageUnavailable e) {
      // Whatever was committed is durable in the log.
      isBroken = Failures.isFatal(e);
      LOG.warn("checkpoint failed", e);
    }
  }

  /** Writes the log into the file if it has grown enough. */
  public void tidy() {
    lock.lock();
    try {
      if (!isClosed && !isBroken && database.highWater().logBytes() > LOG_TIDY_BYTES) {
        checkpoint();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Refuses work from now on, leaves a whole file behind and lets go of it. Idempotent. */
  public void close() {
    lock.lock();
    try {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (!isBroken) {
        checkpoint();
      }
      readers.close();
      database.close();
    } finally {
      lock.unlock();
    }
  }
}
