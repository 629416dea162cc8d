package dev.holdfast.postgres;

import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a server has done so far, for whoever measures what a piece of work costs it. Connections
 * report their rows when they end, so close the storage first.
 *
 * @param statements in the database, {@code BEGIN} and {@code COMMIT} included; null where the
 *     server does not count them, since {@code pg_stat_statements} is not there or not readable
 * @param walBytes of the whole server
 * @param rowVersions inserted, updated and deleted in the tables of the schema
 */
public record PostgresCounts(@Nullable Long statements, long walBytes, long rowVersions) {

  private static final String COUNTS = """
      SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bigint) AS wal,
             (SELECT CAST(coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) AS bigint)
                FROM pg_stat_user_tables WHERE schemaname = :schema) AS rows,
             EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements')
               AND current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%'
               AS counted,
             (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
               WHERE e.extname = 'pg_stat_statements') AS place
      """;
  /** Asks the server. */
  public static PostgresCounts of(PostgresSettings settings) {
    return new Database(settings.source(Duration.ofSeconds(30)))
        .single(handle -> read(handle, settings.schema()));
  }

  private static PostgresCounts read(Handle handle, String schema) {
    return handle
        .createQuery(COUNTS)
        .bind("schema", schema)
        .map((set, context) -> {
          Row row = new Row(set);
          Long statements = row.flag("counted") ? statements(handle, row.text("place")) : null;
          return new PostgresCounts(statements, row.number("wal"), row.number("rows"));
        })
        .one();
  }

  private static Long statements(Handle handle, String place) {
    String view = '"' + place.replace("\"", "\"\"") + "\".pg_stat_statements";
    return handle
        .createQuery("SELECT CAST(coalesce(sum(calls), 0) AS bigint) FROM " + view
            + " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())")
        .mapTo(Long.class)
        .one();
  }

  /** What it has done since. */
  public PostgresCounts since(PostgresCounts before) {
    Long more =
        statements == null || before.statements == null ? null : statements - before.statements;
    return new PostgresCounts(more, walBytes - before.walBytes, rowVersions - before.rowVersions);
  }
}
