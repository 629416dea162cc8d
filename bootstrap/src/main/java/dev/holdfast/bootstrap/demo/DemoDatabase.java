package dev.holdfast.bootstrap.demo;

import dev.holdfast.bootstrap.wiring.CannotStart;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The PostgreSQL of a demo: one that exists, or an embedded one that lives as long as this.
 *
 * @param settings by their keys, enough to reach it
 * @param description for people
 * @param end what its end takes
 */
public record DemoDatabase(Map<String, String> settings, String description, AutoCloseable end)
    implements AutoCloseable {

  private static final String HINT = "; name a PostgreSQL with HOLDFAST_POSTGRES_URL (and"
      + " HOLDFAST_POSTGRES_USER, HOLDFAST_POSTGRES_PASSWORD), or with PGHOST and its like";

  public DemoDatabase {
    settings = Map.copyOf(settings);
  }

  /** The one that the variables of PostgreSQL's own programs name, if they do. */
  public static Optional<DemoDatabase> ofPostgresVariables(Map<String, String> environment) {
    String host = environment.getOrDefault("PGHOST", "");
    if (host.isBlank() || host.startsWith("/")) {
      return Optional.empty();
    }
    String user = environment.getOrDefault("PGUSER", "postgres");
    String place = host + ":" + environment.getOrDefault("PGPORT", "5432") + "/"
        + environment.getOrDefault("PGDATABASE", user);
    var settings = new LinkedHashMap<String, String>();
    settings.put("postgres.url", "jdbc:postgresql://" + place);
    settings.put("postgres.user", user);
    settings.put("postgres.password", environment.getOrDefault("PGPASSWORD", ""));
    return Optional.of(new DemoDatabase(settings, "at " + place, () -> {}));
  }

  /** The one that the configuration names. */
  public static DemoDatabase configured() {
    return new DemoDatabase(Map.of(), "as configured", () -> {});
  }

  /**
   * Starts one, and forgets what was in it in the end.
   *
   * @throws CannotStart if it cannot run here
   */
  public static DemoDatabase embedded() {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder().setServerConfig("max_connections", "100").start();
      String place = "localhost:" + server.getPort() + "/postgres";
      var settings =
          Map.of("postgres.url", "jdbc:postgresql://" + place, "postgres.user", "postgres");
      return new DemoDatabase(settings, "embedded, at " + place, server);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new CannotStart("the embedded PostgreSQL cannot run here: " + e.getMessage() + HINT, e);
    }
  }

  /** Ends it, if it was started for the demo. */
  @Override
  public void close() {
    try {
      end.close();
    } catch (Exception e) {
      throw new IllegalStateException("the embedded PostgreSQL did not end", e);
    }
  }
}
