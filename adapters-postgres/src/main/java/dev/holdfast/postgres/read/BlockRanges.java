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

  /** Older partitions, to which little is added, are looked at this seldom. */
  private static final long BETWEEN_ALL_NANOS = Duration.ofMinutes(10).toNanos();

  private static final int NEWEST = 6;

  private final Database database;
  private final AtomicLong next = new AtomicLong(System.nanoTime());
  private final AtomicLong nextAll = new AtomicLong(System.nanoTime());

  BlockRanges(Database database) {
    this.database = database;
  }

  /** Sums up what was written since, at most once a second. */
  void keepUp() {
    if (isDue(next, BETWEEN_NANOS)) {
      int partitions = isDue(nextAll, BETWEEN_ALL_NANOS) ? Integer.MAX_VALUE : NEWEST;
      database.transact(handle -> handle
          .createQuery(SUM_UP)
          .bind("partitions", partitions)
          .map((set, context) -> new Row(set).integer("ranges"))
          .list());
    }
  }

  private static boolean isDue(AtomicLong when, long between) {
    long now = System.nanoTime();
    long due = when.get();
    return now - due >= 0 && when.compareAndSet(due, now + between);
  }

  // Only an owner may. A vacuum holds the lock that this needs, and does the same. Of the
  // partitions only the newest, by name, and those of no time.
  private static final String SUM_UP = """
      SELECT brin_summarize_new_values(i.indexrelid) AS ranges
        FROM (SELECT inhrelid, row_number() OVER (PARTITION BY inhparent ORDER BY relname DESC) AS n
                FROM pg_inherits h JOIN pg_class t ON t.oid = h.inhrelid
               WHERE h.inhparent IN (CAST('task' AS regclass), CAST('run_end' AS regclass),
                       CAST('note' AS regclass))
              UNION ALL
              SELECT oid, 0 FROM pg_class
               WHERE relnamespace = CAST(current_schema() AS regnamespace)
                 AND relname IN ('claim', 'task_other', 'run_end_other', 'note_other')) f
        JOIN pg_index i ON i.indrelid = f.inhrelid
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am m ON m.oid = c.relam AND m.amname = 'brin'
       WHERE f.n <= :partitions
         AND pg_has_role((SELECT relowner FROM pg_class WHERE oid = i.indrelid), 'USAGE')
         AND NOT EXISTS (SELECT FROM pg_locks l
              WHERE l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock')
      """;
}
