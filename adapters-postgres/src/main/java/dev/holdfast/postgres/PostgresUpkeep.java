package dev.holdfast.postgres;

import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.history.NextRanges;
import dev.holdfast.postgres.history.OldRanges;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Adds up counts, vacuums the places when they hold many dead rows, and keeps the partitions. */
final class PostgresUpkeep implements Upkeep {

  private final Database pooled;
  private final Database aside;
  private final NextRanges nextRanges;
  private final OldRanges oldRanges;
  private final Snapshots snapshots;

  /**
   * Of one database.
   *
   * @param aside for what takes long and must not hold a pooled connection
   */
  PostgresUpkeep(Database pooled, Database aside) {
    this.pooled = pooled;
    this.aside = aside;
    this.nextRanges = new NextRanges(pooled);
    this.oldRanges = new OldRanges(pooled, aside);
    this.snapshots = new Snapshots(pooled);
  }

  private static final String ROLL_UP = """
      WITH d AS (
        DELETE FROM stat_delta WHERE id = ANY(ARRAY(
          SELECT id FROM stat_delta WHERE at < (SELECT clock() - interval '1 minute')
           ORDER BY at LIMIT 10000 FOR UPDATE SKIP LOCKED))
        RETURNING queue, state, n),
      t AS (
        INSERT INTO stat_total(queue, state, n)
        SELECT queue, state, sum(n) FROM d GROUP BY queue, state ORDER BY queue, state
        ON CONFLICT (queue, state) DO UPDATE SET n = stat_total.n + excluded.n)
      SELECT CAST(count(*) AS int) AS n FROM d
      """;

  @Override
  public int rollUpCounts() {
    return pooled.single(handle -> handle
        .createQuery(ROLL_UP)
        .map((set, context) -> new Row(set).integer("n"))
        .one());
  }

  private static final String FULL_OF_DEAD = """
      SELECT relname FROM pg_stat_user_tables
       WHERE schemaname = current_schema() AND n_dead_tup > 20000
         AND relname IN ('ready', 'held', 'scheduled', 'blocked', 'suspended', 'stat_delta',
             'expiry')
      """;

  @Override
  public void tidy() {
    nextRanges.keepUp();
    List<String> tables = pooled.single(handle -> handle
        .createQuery(FULL_OF_DEAD)
        .map((set, context) -> new Row(set).text("relname"))
        .list());
    tables.forEach(this::vacuum);
  }

  @Override
  public Cleared clear(Duration age) {
    return oldRanges.clear(age);
  }

  @Override
  public Map<String, Double> gauges() {
    return snapshots.gauges();
  }

  private void vacuum(String table) {
    aside.single(handle -> {
      handle.execute("SET statement_timeout = 0");
      return handle.execute("VACUUM (TRUNCATE off, SKIP_LOCKED) " + table);
    });
  }
}
