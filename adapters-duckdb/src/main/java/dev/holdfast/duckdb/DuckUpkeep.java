package dev.holdfast.duckdb;

import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.writer.Writer;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Adds up counts, and writes the log into the file when there is time. */
record DuckUpkeep(Writer writer) implements Upkeep {

  private static final Duration APPENDED = Duration.ofMinutes(1);

  private static final String SUMS = """
      SELECT queue, state, CAST(sum(count) AS BIGINT) AS count
        FROM (SELECT queue, state, total AS count
                FROM stat_total
               UNION ALL
              SELECT queue, state, change
                FROM stat_delta
               WHERE counted_us < :before)
       GROUP BY queue, state
      """;

  private static final String DROP_DELTAS = """
      DELETE FROM stat_delta
       WHERE counted_us < :before
      """;

  private static final String DROP_TOTALS = """
      DELETE FROM stat_total
      """;

  private static final String INSERT_TOTALS = """
      INSERT INTO stat_total (queue, state, total)
      SELECT unnest(:queues), unnest(:states), unnest(:totals)
      """;

  private record Total(String queue, String state, long count) {}

  @Override
  public int rollUpCounts() {
    return writer.transact(tx -> {
      Long before = Cells.micros(tx.now().minus(APPENDED));
      List<Total> totals = tx.handle()
          .createQuery(SUMS)
          .bind("before", before)
          .map((row, context) ->
              new Total(Cells.text(row, "queue"), Cells.text(row, "state"), row.getLong("count")))
          .list();
      int dropped = tx.handle().createUpdate(DROP_DELTAS).bind("before", before).execute();
      if (dropped > 0) {
        tx.handle().createUpdate(DROP_TOTALS).execute();
        insert(tx.handle(), totals);
      }
      return dropped;
    });
  }

  private static void insert(Handle handle, List<Total> totals) {
    handle
        .createUpdate(INSERT_TOTALS)
        .bind("queues", Columns.texts(totals, Total::queue))
        .bind("states", Columns.texts(totals, Total::state))
        .bind("totals", Columns.longs(totals, Total::count))
        .execute();
  }

  @Override
  public void tidy() {
    writer.tidy();
  }
}
