package dev.holdfast.duckdb.db;

import dev.holdfast.domain.port.StorageUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link Mark} of an open database. Belongs to whoever holds the writer's lock.
 *
 * <p>What makes it exact without a write per commit: DuckDB removes its log only in a checkpoint,
 * and every checkpoint is ours. Before one, the mark says that no log is needed; the first commit
 * after it is not answered before the mark says that one is. So a kill at any moment leaves a mark
 * that is true, and a log that is missing is noticed. The transaction in the mark follows once a
 * second, against a log that lost its tail.
 */
public final class HighWater {

  private static final Logger LOG = LoggerFactory.getLogger(HighWater.class);
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private final Path file;
  private final Path log;
  private Mark written = new Mark(0, 0, false);
  private long writtenAtNanos;
  private long incarnation;

  HighWater(Path database) {
    file = beside(database, ".mark");
    log = beside(database, ".wal");
  }

  private static Path beside(Path database, String suffix) {
    return database.resolveSibling(database.getFileName() + suffix);
  }

  Optional<Mark> read() {
    return Mark.read(file);
  }

  boolean hasLog() {
    return Files.exists(log);
  }

  /** The size of the log in bytes. */
  public long logBytes() {
    try {
      return hasLog() ? Files.size(log) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The database is open and whole. */
  void opened(Mark level) {
    incarnation = level.incarnation();
    tryToWrite(new Mark(level.incarnation(), level.transaction(), hasLog()));
  }

  /** A transaction was committed; called before its caller gets the answer. */
  public void committed(long transaction) {
    boolean due = System.nanoTime() - writtenAtNanos > INTERVAL_NANOS;
    boolean logNeeded = written.logNeeded() || hasLog();
    boolean behind = transaction != written.transaction();
    if (logNeeded != written.logNeeded() || (due && behind)) {
      tryToWrite(new Mark(incarnation, transaction, logNeeded));
    }
  }

  /** The log may vanish from now on. When this throws, it must not: no checkpoint then. */
  void beforeCheckpoint(Mark level) {
    try {
      write(new Mark(level.incarnation(), level.transaction(), false));
    } catch (IOException e) {
      throw new StorageUnavailable("cannot write " + file, e);
    }
  }

  /** What the database holds is about to be taken back on purpose. */
  public void forget() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StorageUnavailable("cannot delete " + file, e);
    }
  }

  private void write(Mark mark) throws IOException {
    mark.write(file);
    written = mark;
    writtenAtNanos = System.nanoTime();
  }

  private void tryToWrite(Mark mark) {
    try {
      write(mark);
    } catch (IOException e) {
      // The data are safe without it; only a later loss would go unnoticed.
      LOG.warn("cannot write the high-water mark file={}", file, e);
    }
  }
}
