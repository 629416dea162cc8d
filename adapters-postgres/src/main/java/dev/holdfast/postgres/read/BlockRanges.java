package dev.holdfast.postgres.read;

import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the block range indexes of the fact tables up to date: a range that is not summed up is
 * read whole by each page of the stream, and the server itself sums up once a minute. Safe for
 * concurrent use.
 */
final class BlockRanges {

  private static final long BETWEEN_NANOS = Duration.ofSeconds(1).toNanos();

  private final Database database;
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  BlockRanges(Database database) {
    this.database = database;
  }

  /** Sums up what was written since, at most once a second. */
  void keepUp() {
    long now = System.nanoTime();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + BETWEEN_NANOS)) {
      database.transact(handle -> handle
          .createQuery(SUM_UP)
          .map((set, context) -> new Row(set).integer("ranges"))
          .list());
    }
  }

  // Only an owner may. A vacuum holds the lock that this needs, and does the same.
  private static final String SUM_UP = """
      SELECT brin_summarize_new_values(i.indexrelid) AS ranges
        FROM pg_index i
       WHERE i.indexrelid IN (CAST('task_xid' AS regclass), CAST('claim_xid' AS regclass),
               CAST('run_end_xid' AS regclass), CAST('note_xid' AS regclass))
         AND pg_has_role((SELECT relowner FROM pg_class WHERE oid = i.indrelid), 'USAGE')
         AND NOT EXISTS (SELECT FROM pg_locks l
              WHERE l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock')
      """;
}
