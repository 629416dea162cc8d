package dev.holdfast.postgres.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.time.Duration;

/** Keeps connections. */
public final class Pool {

  private static final String READ_ONLY = "25006";

  private Pool() {}

  /**
   * Opens connections when they are first asked for; does not fail while the server is away.
   *
   * @param patience how long a caller waits for a connection
   */
  public static HikariDataSource of(EngineDataSource source, int size, Duration patience) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("holdfast");
    config.setDataSource(source);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(Math.min(size, 2));
    config.setConnectionTimeout(patience.toMillis());
    config.setValidationTimeout(Math.min(patience.toMillis(), 5000));
    config.setInitializationFailTimeout(-1);
    config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
    config.setExceptionOverride(new LeaveStandbys());
    return new HikariDataSource(config);
  }

  /** A connection to what has become a standby is of no more use, though it works. */
  private static final class LeaveStandbys implements SQLExceptionOverride {

    @java.lang.Override
    public Override adjudicate(SQLException error) {
      return READ_ONLY.equals(error.getSQLState()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
  }
}
