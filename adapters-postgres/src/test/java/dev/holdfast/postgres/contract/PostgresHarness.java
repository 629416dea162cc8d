package dev.holdfast.postgres.contract;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.postgres.PostgresMigrations;
import dev.holdfast.postgres.PostgresSettings;
import dev.holdfast.postgres.PostgresStorage;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A schema of its own, with a function for the clock that adds an offset. */
public final class PostgresHarness implements StorageHarness {

  private final TestDatabase database = TestPostgres.newSchema();
  private final PostgresSettings settings = PostgresSettings.of(
          database.url(), database.user(), database.password())
      .inSchema(database.schema());
  private final List<PostgresStorage> others = new ArrayList<>();
  private PostgresStorage storage;
  private Duration offset = Duration.ZERO;

  public PostgresHarness() {
    // The printed statements do what the migrations do, in a tenth of the time.
    database.execute(new PostgresMigrations(settings).print());
    storage = PostgresStorage.open(settings);
  }

  @Override
  public Storage storage() {
    return storage;
  }

  /** Where the storage keeps its data. */
  public TestDatabase database() {
    return database;
  }

  /** A connection of its own, on the schema; what it counts is in {@link #counters} too. */
  public Connection connect() throws SQLException {
    Connection connection = database.connect();
    try (var statement = connection.createStatement()) {
      statement.execute("SET search_path = " + settings.schema());
      statement.execute("SET application_name = 'holdfast'");
    }
    return connection;
  }

  /**
   * Reads the server's counters of what was read. A backend reports what it counted when it ends,
   * so all that count here are ended first, and waited for.
   */
  public List<String> counters(String sql) throws SQLException {
    database.execute("""
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE application_name = 'holdfast' AND datname = current_database()
        """);
    return rows(sql);
  }

  /**
   * Nothing looks at the tables by itself from now on: neither vacuum and its statistics, nor who
   * summarizes block ranges, which counts as reading the table.
   */
  public void leaveTablesAlone() {
    database.execute("""
        DO $$
        DECLARE
          one regclass;
        BEGIN
          FOR one IN SELECT oid FROM pg_class
                      WHERE relnamespace = CAST(current_schema() AS regnamespace)
                        AND relkind = 'r' LOOP
            EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', one);
          END LOOP;
          FOR one IN SELECT c.oid FROM pg_class c JOIN pg_am a ON a.oid = c.relam
                      WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
                        AND c.relkind = 'i' AND a.amname = 'brin' LOOP
            EXECUTE format('ALTER INDEX %s SET (autosummarize = off)', one);
          END LOOP;
        END $$
        """);
  }

  /** Until a statement like this waits for a lock that somebody else has. */
  public void awaitWaiter(String statement) throws SQLException {
    try (Connection connection = connect();
        var waiting = connection.prepareStatement("""
            SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
             WHERE NOT l.granted AND a.query LIKE ?
            """)) {
      waiting.setString(1, "%" + statement + "%");
      for (int count = 0; count == 0; Thread.onSpinWait()) {
        try (ResultSet set = waiting.executeQuery()) {
          set.next();
          count = set.getInt(1);
        }
      }
    }
  }

  /** The first column of what a query answers. */
  public List<String> rows(String sql) throws SQLException {
    try (Connection connection = connect();
        var statement = connection.createStatement();
        ResultSet set = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (set.next()) {
        rows.add(set.getString(1));
      }
      return rows;
    }
  }

  /** How the storage was opened. */
  public PostgresSettings settings() {
    return settings;
  }

  @Override
  public void advance(Duration step) {
    offset = offset.plus(step);
    database.execute("""
        CREATE OR REPLACE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
          AS 'SELECT pg_catalog.clock_timestamp() + interval ''%d microseconds'''
        """.formatted(offset.toNanos() / 1000));
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public void reopen() {
    storage.close();
    storage = PostgresStorage.open(settings);
  }

  @Override
  public Storage another() {
    PostgresStorage other = PostgresStorage.open(settings);
    others.add(other);
    return other;
  }

  @Override
  public void close() {
    others.forEach(PostgresStorage::close);
    storage.close();
    database.close();
  }
}
