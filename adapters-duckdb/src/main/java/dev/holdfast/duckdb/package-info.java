/**
 * The storage ports on one embedded DuckDB file: one process, one writer.
 *
 * <h2>Layout</h2>
 *
 * The tables and laws are those of the other storages, with what only several writers need left
 * out: {@link dev.holdfast.duckdb.DuckDbStorage#transact} takes a lock, so no row has to be one.
 * A place row repeats the lane and the order of its task (its seat), so that the hot path never
 * looks at the table of tasks for them; a fact row repeats the lane, so that the event stream and
 * lists need no join. The transaction number of an event counts the transactions that wrote facts,
 * without gaps; after a restart it goes on from the greatest one in the tables.
 *
 * <h2>What DuckDB taught</h2>
 *
 * <ul>
 *   <li>A statement costs 0.3 to 1 ms whatever its size: sets, never row by row. Its appender takes
 *       a third of the CPU time of a statement with 22 lists, and is part of the transaction.
 *   <li>A statement is prepared for each use. A plan that is kept holds what the statistics of the
 *       tables proved when it was made: one that was prepared on an empty table, with a literal in
 *       its condition, finds nothing ever after (1.5.6).
 *   <li>No table but the one of idempotency keys has a key or an index. A primary key on the tasks
 *       made the commit of 200 new ones three times as dear at 175,000 tasks (1.9 against 0.6 ms),
 *       and joins do not use it.
 *   <li>Row groups are skipped by the least and greatest value of a BIGINT, not of a UUID. So facts
 *       carry the first 48 bits of the task id, its time, as born_ms. At a million tasks a look-up
 *       by it takes 0.4 ms, as an index would; by the UUID alone 2.6 ms. 200 tasks that were
 *       submitted together 2 ms, 200 at random 16 ms.
 *   <li>A commit that failed leaves the driver and DuckDB with different minds about whether a
 *       transaction is open: the file is opened anew before the next one.
 *   <li>One thread: batches of hundreds of rows gain nothing from a second one, which costs half as
 *       much CPU time again.
 * </ul>
 *
 * <h2>The high-water mark</h2>
 *
 * A file without its write-ahead log opens silently as it was at the last checkpoint. {@code
 * FILE.mark} tells: it is written before every checkpoint (all of which are ours) and after the
 * first commit behind one, so that it always says truly whether the log is needed; and once a
 * second it says how far the database is. A file that has gone back is refused.
 *
 * <h2>Figures</h2>
 *
 * Two cores that other work shared, batches of 200, one thread, microseconds per task at 100,000
 * tasks in a quiet moment: submit 15, claim 34, complete 20. CPU time of all three together is the
 * same at a million tasks of history as at 100,000.
 */
@NullMarked
package dev.holdfast.duckdb;

import org.jspecify.annotations.NullMarked;
