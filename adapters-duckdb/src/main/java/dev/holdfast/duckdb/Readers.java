package dev.holdfast.duckdb;

import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few connections that only read, each read in one snapshot. Safe for concurrent use. */
final class Readers {

  /** More would only share the same cores. */
  static final int COUNT = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

  private final Semaphore permits = new Semaphore(COUNT, true);
  private final Queue<Handle> idle;
  private volatile boolean closed;

  Readers(Queue<Handle> handles) {
    idle = new ConcurrentLinkedQueue<>(handles);
  }

  /** Runs {@code query}, which executes at least one statement, in a snapshot. */
  <T> T read(Function<Handle, T> query) {
    permits.acquireUninterruptibly();
    try {
      Handle handle = idle.poll();
      if (closed || handle == null) {
        throw new IllegalStateException("the storage is closed");
      }
      try {
        return query.apply(handle);
      } catch (RuntimeException e) {
        throw Failures.translate(e);
      } finally {
        end(handle);
        idle.add(handle);
      }
    } finally {
      permits.release();
    }
  }

  private static void end(Handle handle) {
    try {
      handle.getConnection().rollback();
    } catch (SQLException e) {
      LOG.debug("nothing to roll back", e);
    }
  }

  /** Waits for the reads that run and lets no more in. */
  void close() {
    permits.acquireUninterruptibly(COUNT);
    try {
      closed = true;
      idle.forEach(handle -> Database.closeQuietly(handle.getConnection()));
      idle.clear();
    } finally {
      permits.release(COUNT);
    }
  }
}
