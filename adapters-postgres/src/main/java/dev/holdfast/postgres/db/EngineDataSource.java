package dev.holdfast.postgres.db;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.net.SocketFactory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Opens connections as the engine needs them: its schema, its limits, its plans. Each call opens a
 * new one. Safe for concurrent use.
 */
public final class EngineDataSource implements DataSource {

  // Nothing here may outlive a lease: a paused process must not block its own successor.
  // Hash and merge joins and sequential scans would win for the batch sizes that a plan for any
  // parameters assumes; compiling a plan takes longer than running it, and so does planning anew
  // for
  // each set of parameters, over all partitions, and starting workers.
  private static final String PREPARE = """
      SELECT set_config('search_path', ?, false),
             set_config('TimeZone', 'UTC', false),
             set_config('lock_timeout', '5s', false),
             set_config('statement_timeout', '30s', false),
             set_config('idle_in_transaction_session_timeout', '3s', false),
             set_config('jit', 'off', false),
             set_config('enable_seqscan', 'off', false),
             set_config('enable_hashjoin', 'off', false),
             set_config('enable_mergejoin', 'off', false),
             set_config('plan_cache_mode', 'force_generic_plan', false),
             set_config('max_parallel_workers_per_gather', '0', false),
             CASE WHEN current_setting('synchronous_commit') = 'off'
                  THEN set_config('synchronous_commit', 'on', false) END
      """;
  private static final String LIMIT_TRANSACTIONS = """
      SELECT set_config('transaction_timeout', '60s', false)
      """;
  private static final int KNOWS_TRANSACTION_TIMEOUT = 17;
  private static final int CONNECT_SECONDS = 5;

  private final Driver driver = new Driver();
  private final String url;
  private final Properties properties;
  private final String schema;

  /**
   * Opens nothing yet.
   *
   * @param schema a checked identifier
   * @param silence how long an answer may take before the connection is given up, in seconds; 0
   *     for ever
   */
  public EngineDataSource(String url, String user, String password, String schema, int silence) {
    this.url = url;
    this.schema = schema;
    this.properties = new Properties();
    if (!user.isEmpty()) {
      PGProperty.USER.set(properties, user);
    }
    if (!password.isEmpty()) {
      PGProperty.PASSWORD.set(properties, password);
    }
    PGProperty.APPLICATION_NAME.set(properties, "holdfast");
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
    PGProperty.SOCKET_TIMEOUT.set(properties, silence);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.PREPARE_THRESHOLD.set(properties, 1);
    PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
  }

  private EngineDataSource(EngineDataSource other, Class<? extends SocketFactory> sockets) {
    this.url = other.url;
    this.schema = other.schema;
    this.properties = (Properties) other.properties.clone();
    PGProperty.SOCKET_FACTORY.set(properties, sockets.getName());
  }

  /** The same for connections that wait for notifications; a factory in the URL wins. */
  public EngineDataSource hearing() {
    return new EngineDataSource(this, EagerSockets.class);
  }

  /** A new connection in autocommit mode. */
  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = connect();
    try {
      prepare(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = driver.connect(url, properties);
    if (connection == null) {
      throw new SQLException("not a URL of PostgreSQL");
    }
    return connection;
  }

  private void prepare(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PREPARE)) {
      statement.setString(1, SearchPath.of(schema));
      statement.execute();
    }
    if (connection.getMetaData().getDatabaseMajorVersion() >= KNOWS_TRANSACTION_TIMEOUT) {
      try (PreparedStatement statement = connection.prepareStatement(LIMIT_TRANSACTIONS)) {
        statement.execute();
      }
    }
  }

  /** Not for other users. */
  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLException("only the configured user connects");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  /** What a pool that closes waits for connections that are being opened, in seconds. */
  @Override
  public int getLoginTimeout() {
    return CONNECT_SECONDS;
  }

  @Override
  public Logger getParentLogger() {
    return driver.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
