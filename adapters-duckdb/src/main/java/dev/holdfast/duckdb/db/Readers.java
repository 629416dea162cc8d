package dev.holdfast.duckdb.db;

import dev.holdfast.domain.port.StorageUnavailable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few connections that only read, each read in one snapshot. Safe for concurrent use. */
public final class Readers {

  /** More would only share the same cores. */
  static final int COUNT = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

  private final Semaphore permits = new Semaphore(COUNT, true);
  private final Queue<Handle> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /** Connects to it. */
  public Readers(Database database) throws SQLException {
    idle.addAll(connect(database));
  }

  private static List<Handle> connect(Database database) throws SQLException {
    List<Handle> handles = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      handles.add(Jdbi.create(database.connect()).open());
    }
    return handles;
  }

  /** Runs {@code query}, which executes at least one statement, in a snapshot. */
  public <T> T read(Function<Handle, T> query) {
    permits.acquireUninterruptibly();
    try {
      Handle handle = idle.poll();
      if (closed) {
        throw new IllegalStateException("the storage is closed");
      }
      if (handle == null) {
        throw new StorageUnavailable(
            "the file is not open", new IllegalStateException("it could not be opened anew"));
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

  /** Something that opens a database. */
  public interface Opener {

    /** Opens it. */
    Database open() throws SQLException;
  }

  /** Waits for the reads that run, and goes on with connections to what {@code opener} opens. */
  public void replace(Opener opener) throws SQLException {
    permits.acquireUninterruptibly(COUNT);
    try {
      idle.clear();
      idle.addAll(connect(opener.open()));
    } finally {
      permits.release(COUNT);
    }
  }

  /** Waits for the reads that run and lets no more in; whoever opened the database closes it. */
  public void close() {
    permits.acquireUninterruptibly(COUNT);
    try {
      closed = true;
      idle.clear();
    } finally {
      permits.release(COUNT);
    }
  }
}
