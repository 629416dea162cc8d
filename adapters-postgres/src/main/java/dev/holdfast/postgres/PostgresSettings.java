package dev.holdfast.postgres;

import dev.holdfast.postgres.db.EngineDataSource;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * How to reach a PostgreSQL, and where in it.
 *
 * @param url for JDBC, {@code jdbc:postgresql://…}
 * @param user may be empty when the URL or the server's rules need none
 * @param password may be empty likewise
 * @param schema matches {@code [a-z_][a-z0-9_]{0,40}}
 * @param poolSize how many connections are kept; 1..1000. Two more are used: for the heartbeat, and
 *     now and then for what must not wait for the pool
 * @param patience how long a caller waits for a connection; at least a quarter of a second
 */
public record PostgresSettings(
    String url, String user, String password, String schema, int poolSize, Duration patience) {

  /** The schema when none is named. */
  public static final String DEFAULT_SCHEMA = "holdfast";

  /** The number of pooled connections when none is given. */
  public static final int DEFAULT_POOL_SIZE = 10;

  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,40}");
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(5);

  public PostgresSettings {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(patience, "patience");
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("url must start with jdbc:postgresql:");
    }
    if (!SCHEMA.matcher(schema).matches() || schema.startsWith("pg_")) {
      throw new IllegalArgumentException("schema must match " + SCHEMA.pattern()
          + " and not start with pg_, got " + shown(schema));
    }
    if (poolSize < 1 || poolSize > 1000) {
      throw new IllegalArgumentException("poolSize must be 1..1000, got " + poolSize);
    }
    if (patience.toMillis() < 250) {
      throw new IllegalArgumentException("patience must be at least PT0.25S, got " + patience);
    }
  }

  /** With every default. */
  public static PostgresSettings of(String url, String user, String password) {
    return new PostgresSettings(
        url, user, password, DEFAULT_SCHEMA, DEFAULT_POOL_SIZE, DEFAULT_PATIENCE);
  }

  /** The same with another schema. */
  public PostgresSettings inSchema(String other) {
    return new PostgresSettings(url, user, password, other, poolSize, patience);
  }

  /** The same with another number of connections. */
  public PostgresSettings withPoolSize(int other) {
    return new PostgresSettings(url, user, password, schema, other, patience);
  }

  /** The same with callers that wait longer or shorter for a connection. */
  public PostgresSettings withPatience(Duration other) {
    return new PostgresSettings(url, user, password, schema, poolSize, other);
  }

  /**
   * Opens connections with these settings.
   *
   * @param silence how long an answer may take before the connection is given up; zero for ever
   */
  EngineDataSource source(Duration silence) {
    return new EngineDataSource(url, user, password, schema, (int) silence.toSeconds());
  }

  /** Without the password. */
  @Override
  public String toString() {
    String place = url.replaceAll("\\?.*", "");
    return place + " as " + (user.isEmpty() ? "the default user" : user) + ", schema " + schema;
  }

  private static String shown(String value) {
    String start = value.length() <= 60 ? value : value.substring(0, 60) + "…";
    return '"' + start.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
