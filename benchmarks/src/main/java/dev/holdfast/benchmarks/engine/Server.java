package dev.holdfast.benchmarks.engine;

import dev.holdfast.postgres.PostgresCounts;
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

  /** What the server has done so far. */
  PostgresCounts counts() {
    return PostgresCounts.of(settings());
  }
}
