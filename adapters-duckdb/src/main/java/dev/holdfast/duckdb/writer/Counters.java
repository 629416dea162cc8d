package dev.holdfast.duckdb.writer;

import dev.holdfast.duckdb.db.Mark;
import org.jdbi.v3.core.Handle;

/**
 * The numbers that only grow. Read from the tables once, then counted here: there is one writer.
 *
 * <p>Written under the writer's lock; the number of the newest transaction may be read by anybody.
 */
public final class Counters {

  private volatile long incarnation;
  private volatile long transaction;
  private volatile long removed;
  private long claim;
  private long session;
  private long youngestMs;

  private static final String LOAD = """
      SELECT greatest(claim, coalesce((SELECT max(id) FROM claim), 0)) AS claim,
             greatest(session, coalesce((SELECT max(id) FROM session), 0)) AS session,
             coalesce((SELECT max(born_ms) FROM task), -1) AS youngest_ms, xid
        FROM removed
      """;

  /** Reads them anew. */
  void load(Handle handle, Mark level) {
    incarnation = level.incarnation();
    transaction = level.transaction();
    handle
        .createQuery(LOAD)
        .map((row, context) -> new long[] {
          row.getLong("claim"),
          row.getLong("session"),
          row.getLong("youngest_ms"),
          row.getLong("xid")
        })
        .forEach(newest -> {
          claim = newest[0];
          session = newest[1];
          youngestMs = newest[2];
          removed = newest[3];
        });
  }

  /** Of the database. */
  public long incarnation() {
    return incarnation;
  }

  /** How far the database is. */
  Mark level() {
    return new Mark(incarnation, transaction, false);
  }

  /** The newest transaction that wrote facts, all of which are readable. */
  public long transaction() {
    return transaction;
  }

  /** The first transaction whose events are all kept. */
  public long start() {
    return removed == 0 ? 0 : removed + 1;
  }

  /** Events of transactions up to this one were removed. */
  void removed(long newest) {
    removed = Math.max(removed, newest);
  }

  /** That transaction was committed. */
  void committed(long number) {
    transaction = number;
  }

  /** When the id of the youngest task was made: whatever is younger does not exist. */
  public long youngestMs() {
    return youngestMs;
  }

  /** A task was written, or will be: one too many does no harm. */
  public void wrote(long bornMs) {
    youngestMs = Math.max(youngestMs, bornMs);
  }

  /** The number of one more claim. */
  public long nextClaim() {
    return ++claim;
  }

  /** The number of one more session. */
  public long nextSession() {
    return ++session;
  }
}
