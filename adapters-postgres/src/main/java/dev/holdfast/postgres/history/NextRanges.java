package dev.holdfast.postgres.history;

import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the partitions of the next days, some time before anything is written to them: what comes
 * without one goes to the default partition, and stays there. Safe for concurrent use.
 */
public final class NextRanges {

  private static final Logger LOG = LoggerFactory.getLogger(NextRanges.class);
  private static final long BETWEEN_NANOS = Duration.ofMinutes(10).toNanos();

  private final Database database;
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  /** For the schema of this database. */
  public NextRanges(Database database) {
    this.database = database;
  }

  /** Looks at once, then every ten minutes, and again soon where others held a lock. */
  public void keepUp() {
    long now = System.nanoTime();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + BETWEEN_NANOS) && !add()) {
      next.set(now);
    }
  }

  // Empty: not now.
  private static final String ADD = """
      SELECT add_range() AS name
      """;

  private boolean add() {
    for (Optional<String> added = addOne(); added.isPresent(); added = addOne()) {
      if (added.get().isEmpty()) {
        return false;
      }
      LOG.atInfo().addKeyValue("partition", added.get()).log("made a partition ahead of time");
    }
    return true;
  }

  private Optional<String> addOne() {
    return database.transact(handle -> handle
        .createQuery(ADD)
        .map((set, context) -> Optional.ofNullable(new Row(set).optionalText("name")))
        .one());
  }
}
