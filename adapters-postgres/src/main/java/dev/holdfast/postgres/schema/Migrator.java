package dev.holdfast.postgres.schema;

import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;

/** Moves the schema between its versions. One process does so at a time, the others wait. */
public final class Migrator {

  private final Database database;
  private final Supplier<Flyway> flyway;
  private final String schema;

  /**
   * Touches nothing yet.
   *
   * @param database for short statements
   * @param flyway made when it is needed, since that takes long
   * @param schema a checked identifier
   */
  public Migrator(Database database, Supplier<Flyway> flyway, String schema) {
    this.database = database;
    this.flyway = flyway;
    this.schema = schema;
  }

  /** What was applied. */
  public History history() {
    return database.single(History::read);
  }

  private static final String SERVER = """
      SELECT CAST(current_setting('server_version_num') AS int) AS version,
             current_user AS name, current_database() AS base,
             EXISTS (SELECT FROM pg_namespace WHERE nspname = :schema) AS there,
             has_database_privilege(current_database(), 'CREATE') AS may_create,
             coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace
                        WHERE nspname = :schema), false) AS may_fill
      """;
  private static final int OLDEST_SERVER = 14;

  /**
   * Applies what is missing.
   *
   * @throws IllegalStateException if the server is too old or the user may not
   */
  public void up() {
    database.single(handle -> {
      requireFit(handle);
      return true;
    });
    alone(handle -> {
      History.read(handle).requireKnown();
      flyway.get().migrate();
    });
  }

  private void requireFit(Handle handle) {
    Server server = handle
        .createQuery(SERVER)
        .bind("schema", schema)
        .map((set, context) -> new Server(
            new Row(set).integer("version") / 10_000,
            new Row(set).text("name"),
            new Row(set).text("base"),
            new Row(set).flag("there"),
            new Row(set).flag("may_create"),
            new Row(set).flag("may_fill")))
        .one();
    if (server.version < OLDEST_SERVER) {
      throw new IllegalStateException(
          "PostgreSQL " + server.version + " is too old: " + OLDEST_SERVER + " or newer is needed");
    }
    if (server.there ? !server.mayFill : !server.mayCreate) {
      throw new IllegalStateException(refusal(server));
    }
  }

  private String refusal(Server server) {
    String what = server.there ? "create tables in the schema " : "create the schema ";
    String help = server.there
        ? "GRANT USAGE, CREATE ON SCHEMA " + schema + " TO \"" + server.user + '"'
        : "CREATE SCHEMA " + schema + " AUTHORIZATION \"" + server.user + '"';
    return "the user " + server.user + " may not " + what + schema + " in the database "
        + server.database + ": let its owner run " + help;
  }

  /** What the server says of itself and of us. */
  private record Server(
      int version,
      String user,
      String database,
      boolean there,
      boolean mayCreate,
      boolean mayFill) {}

  /** Takes versions back, each with its entry in one transaction. */
  public void down(List<Script> newestFirst) {
    for (Script script : newestFirst) {
      alone(handle -> {
        if (!History.read(handle).has(script)) {
          throw new IllegalStateException(
              "somebody else took version " + script.version() + " back at the same time");
        }
        run(handle, script.down());
        History.forget(handle, script);
      });
    }
  }

  // Jdbi's own scripts do not know bodies of code.
  private static void run(Handle handle, String script) {
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.execute(script);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
    }
  }

  // Migrations take as long as they take.
  private static final String UNLIMITED = """
      SELECT set_config(name, '0', true) FROM pg_settings
       WHERE name IN ('lock_timeout', 'statement_timeout', 'transaction_timeout',
             'idle_in_transaction_session_timeout')
      """;
  private static final String LOCK = """
      SELECT pg_advisory_xact_lock(hashtextextended(current_setting('search_path'), 2)) IS NULL
      """;

  private void alone(Consumer<Handle> work) {
    database.transact(handle -> {
      handle.createQuery(UNLIMITED).mapTo(String.class).list();
      handle.createQuery(LOCK).mapTo(Boolean.class).list();
      work.accept(handle);
      return true;
    });
  }
}
