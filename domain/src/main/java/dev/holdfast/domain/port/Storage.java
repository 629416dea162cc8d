package dev.holdfast.domain.port;

import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.StorageTx;
import java.util.function.Function;

/**
 * A store of tasks. Safe for concurrent use.
 *
 * <p>Every instant it answers and every decision on time (due, expired, stale) is by its own clock,
 * in microseconds; callers never pass the time of their own. Every method may throw {@link
 * StorageUnavailable}.
 */
public interface Storage extends AutoCloseable {

  /**
   * Runs {@code work} in one transaction: all of its writes become durable together before this
   * returns, or none does.
   *
   * <p>A work that lost to a concurrent one (deadlock, serialization failure) is run again, so it
   * must have no effect but through its {@link StorageTx}. The transaction is rolled back when the
   * work throws, and its exception is passed on.
   *
   * @throws StorageUnavailable if the outcome is unknown: the work may have been committed, so
   *     whatever is retried must be recognisable by id, key or fence
   * @throws StorageRejected if the data were refused; nothing was changed
   */
  <T> T transact(Function<StorageTx, T> work);

  /**
   * As {@link #transact}, for a work that makes one call and no other: a storage that can do the
   * call in one statement leaves out begin and commit.
   */
  default <T> T atOnce(Function<StorageTx, T> call) {
    return transact(call);
  }

  /** The nodes and their sessions. */
  Sessions sessions();

  /** What several nodes need to behave as one; a storage for one process has no other nodes. */
  Coordination coordination();

  /** Reads of single tasks, lists and statistics. */
  TaskQueries tasks();

  /** Reads of the event log. */
  EventLog events();

  /** Upkeep that is nobody's answer. */
  Upkeep upkeep();

  /** Gives back every connection, file and lock. Idempotent. */
  @Override
  void close();
}
