package dev.holdfast.postgres;

import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How old the oldest snapshot is that anybody holds, and the oldest transaction that has written:
 * the former keeps dead rows where they are, the latter keeps events from being read. Safe for
 * concurrent use.
 */
final class Snapshots {

  /** An hour, where it is asked every ten seconds. */
  private static final int MOST_SAMPLES = 360;

  private final Database database;
  private final Deque<Sample> samples = new ArrayDeque<>();

  Snapshots(Database database) {
    this.database = database;
  }

  /** When a transaction was the next to begin. */
  private record Sample(long xid, double at) {}

  /** What the server knows: of some snapshots only the transaction. */
  private record Found(double now, long next, double since, long oldest, double writing) {}

  // A slot and a standby do not say since when.
  private static final String OLDEST = """
      WITH s AS (
        SELECT xact_start AS since, age(backend_xmin) AS xids, backend_xid IS NOT NULL AS writes
          FROM pg_stat_activity
         WHERE (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
           AND pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker'
        UNION ALL
        SELECT prepared, age(transaction), true FROM pg_prepared_xacts
        UNION ALL
        SELECT NULL, age(xmin), false FROM pg_replication_slots WHERE xmin IS NOT NULL)
      SELECT CAST(extract(epoch FROM clock_timestamp()) AS float8) AS now,
             CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS next,
             CAST(extract(epoch FROM min(since)) AS float8) AS since,
             CAST(coalesce(max(xids), 0) AS bigint) AS xids,
             CAST(extract(epoch FROM min(since) FILTER (WHERE writes)) AS float8) AS writing
        FROM s
      """;

  Map<String, Double> gauges() {
    Found found = database.single(handle ->
        handle.createQuery(OLDEST).map((set, context) -> found(new Row(set))).one());
    double since = Math.min(found.since, begun(found));
    return Map.of(
        "holdfast.postgres.oldest.snapshot.seconds", Math.max(0, found.now - since),
        "holdfast.events.lag.seconds", Math.max(0, found.now - found.writing));
  }

  private static Found found(Row row) throws SQLException {
    double now = Objects.requireNonNull(row.optionalReal("now"));
    long next = row.number("next");
    return new Found(
        now,
        next,
        orNow(row.optionalReal("since"), now),
        next - row.number("xids"),
        orNow(row.optionalReal("writing"), now));
  }

  private static double orNow(@Nullable Double at, double now) {
    return at == null ? now : at;
  }

  /** Since when there are transactions that the oldest snapshot does not see; now if none. */
  private synchronized double begun(Found found) {
    samples.addLast(new Sample(found.next, found.now));
    if (samples.size() > MOST_SAMPLES) {
      samples.removeFirst();
    }
    return samples.stream()
        .filter(sample -> sample.xid > found.oldest)
        .mapToDouble(Sample::at)
        .findFirst()
        .orElse(found.now);
  }
}
