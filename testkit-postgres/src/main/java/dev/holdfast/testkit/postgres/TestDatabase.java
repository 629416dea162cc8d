package dev.holdfast.testkit.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A schema for one test class, and how to reach it.
 *
 * @param url for JDBC, without user and password
 * @param schema free for the test to create
 */
public record TestDatabase(String url, String user, String password, String schema)
    implements AutoCloseable {

  /** The same server with another schema. */
  public TestDatabase withSchema(String other) {
    return new TestDatabase(url, user, password, other);
  }

  /** A connection that does not know the schema. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  /** Runs statements with the schema as the search path, in autocommit mode. */
  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = \"" + schema + "\"");
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("could not run: " + sql, e);
    }
  }

  /** Drops the schema with everything in it. */
  @Override
  public void close() {
    execute("DROP SCHEMA IF EXISTS \"" + schema + "\" CASCADE");
  }
}
