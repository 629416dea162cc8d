package dev.holdfast.postgres.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Works inside a transaction that somebody else began and ends. */
public final class CallersTransaction {

  private CallersTransaction() {}

  /**
   * Runs work between a savepoint and its release, with the engine's search path.
   *
   * @param schema a checked identifier
   * @throws IllegalArgumentException if no transaction is open
   */
  public static <T> T run(Connection connection, String schema, Function<Handle, T> work) {
    try {
      if (connection.getAutoCommit()) {
        throw new IllegalArgumentException(
            "the connection is in autocommit mode: there is no transaction to work in");
      }
      return between(connection, schema, work);
    } catch (SQLException e) {
      CallersFailure failure = new CallersFailure(e);
      throw Fault.of(failure).translate(failure);
    } catch (JdbiException e) {
      throw Fault.of(e).translate(e);
    }
  }

  private static <T> T between(Connection connection, String schema, Function<Handle, T> work)
      throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      String before = searchPath(connection);
      setSearchPath(connection, SearchPath.of(schema));
      T result = work.apply(Database.handle(connection));
      setSearchPath(connection, before);
      connection.releaseSavepoint(savepoint);
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(connection, savepoint, e);
      throw e;
    }
  }

  /** Undoes the search path too: settings follow the transaction. */
  private static void rollBack(Connection connection, Savepoint savepoint, Throwable reason) {
    try {
      connection.rollback(savepoint);
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private static String searchPath(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT current_setting('search_path')");
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void setSearchPath(Connection connection, String path) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config('search_path', ?, true)")) {
      statement.setString(1, path);
      statement.execute();
    }
  }

  /** A failure of the caller's connection that the port has no name for. */
  private static final class CallersFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CallersFailure(SQLException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
