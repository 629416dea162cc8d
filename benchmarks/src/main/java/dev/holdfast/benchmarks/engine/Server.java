package dev.holdfast.benchmarks.engine;

import dev.holdfast.postgres.PostgresSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The PostgreSQL that the {@code PG*} variables name, and what it has done. */
final class Server {

  private static final String SCHEMA = "holdfast_bench";

  private final String url;
  private final String user = variable("PGUSER", "postgres");
  private final String password = variable("PGPASSWORD", "");

  Server() {
    String commit = variable("SC", "on");
    this.url = "jdbc:postgresql://" + variable("PGHOST", "127.0.0.1") + ":"
        + variable("PGPORT", "5432") + "/" + variable("PGDATABASE", "bench")
        + ("on".equals(commit) ? "" : "?options=-c%20synchronous_commit=" + commit);
  }

  private static String variable(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  /** {@code on} or {@code off}, as the environment asks for. */
  static String synchronousCommit() {
    return variable("SC", "on");
  }

  /** Where the engine's tables are. */
  PostgresSettings settings() {
    return PostgresSettings.of(url, user, password).inSchema(SCHEMA);
  }

  /** A connection of the bench's own. */
  Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(url, user, password);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + SCHEMA + ", public");
    }
    return connection;
  }

  void run(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  double number(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getDouble(1);
    }
  }

  /** Forgets what earlier runs left behind. */
  void clear() throws SQLException {
    run("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
  }

  private static final String COUNTS = """
      SELECT (SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
               WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())),
             pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0'),
             (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables
               WHERE schemaname = '%s')
      """.formatted(SCHEMA);

  /** What the server has done so far. */
  Counts counts() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COUNTS)) {
      rows.next();
      return new Counts(rows.getDouble(1), rows.getDouble(2), rows.getDouble(3));
    }
  }

  /**
   * Statements, bytes of WAL, rows written. The statements and the bytes are the whole server's,
   * which should do nothing else meanwhile.
   */
  record Counts(double statements, double walBytes, double rows) {

    Counts since(Counts before) {
      return new Counts(
          statements - before.statements, walBytes - before.walBytes, rows - before.rows);
    }
  }
}
