package dev.holdfast.duckdb;

import dev.holdfast.domain.port.SchemaMigrations;
import dev.holdfast.duckdb.db.Database;
import dev.holdfast.duckdb.db.Failures;
import dev.holdfast.duckdb.schema.OneDataSource;
import dev.holdfast.duckdb.schema.SchemaHistory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.Flyway;

/**
 * The versions of the tables in a DuckDB file. Each method opens the file and closes it again, so
 * the file must not be open: {@link dev.holdfast.domain.port.StorageInUse} otherwise.
 */
public final class DuckDbMigrations implements SchemaMigrations {

  private static final String FOLDER = "dev/holdfast/duckdb/migration";

  private final DuckDbSettings settings;

  /** For this file, which need not exist yet. */
  public DuckDbMigrations(DuckDbSettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  @Override
  public List<Step> status() {
    return inFile((database, connection) -> steps(known(connection)));
  }

  /** {@inheritDoc} Costs next to nothing when nothing is missing. */
  @Override
  public List<Step> up() {
    return inFile((database, connection) -> {
      if (known(connection).size() < SchemaHistory.DESCRIPTIONS.size()) {
        migrate(database);
      }
      return steps(known(connection));
    });
  }

  private static void migrate(Database database) {
    Flyway.configure(DuckDbMigrations.class.getClassLoader())
        .dataSource(new OneDataSource(database))
        .locations("classpath:" + FOLDER)
        .table(SchemaHistory.TABLE)
        .load()
        .migrate();
  }

  @Override
  public List<Step> down(int steps) {
    return inFile((database, connection) -> {
      List<Integer> applied = known(connection);
      if (steps < 0 || steps > applied.size()) {
        throw new IllegalArgumentException(
            "cannot take back %d steps, %d are applied".formatted(steps, applied.size()));
      }
      if (steps > 0) {
        // What it has seen is about to be dropped on purpose.
        database.highWater().forget();
      }
      for (int i = 1; i <= steps; i++) {
        takeBack(connection, applied.get(applied.size() - i));
      }
      return steps(known(connection));
    });
  }

  private static final String FORGET = """
      DELETE FROM flyway_schema_history
       WHERE version = ?
      """;

  private static void takeBack(Connection connection, int version) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement script = connection.createStatement();
        PreparedStatement forget = connection.prepareStatement(FORGET)) {
      script.execute(script('U', version));
      forget.setString(1, Integer.toString(version));
      forget.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  @Override
  public String print() {
    return inFile((database, connection) -> {
      StringBuilder text = new StringBuilder();
      for (Step step : steps(known(connection))) {
        if (!step.applied()) {
          text.append(script('V', step.version()));
        }
      }
      return text.toString();
    });
  }

  private static List<Integer> known(Connection connection) throws SQLException {
    List<Integer> applied = SchemaHistory.applied(connection);
    SchemaHistory.requireKnown(applied);
    return applied;
  }

  private static List<Step> steps(List<Integer> applied) {
    List<Step> steps = new ArrayList<>();
    for (int version = 1; version <= SchemaHistory.DESCRIPTIONS.size(); version++) {
      steps.add(new Step(
          version, SchemaHistory.DESCRIPTIONS.get(version - 1), applied.contains(version)));
    }
    return List.copyOf(steps);
  }

  private static String script(char direction, int version) {
    String name = "/%s/%c%d__%s.sql"
        .formatted(FOLDER, direction, version, SchemaHistory.DESCRIPTIONS.get(version - 1));
    try (InputStream text =
        Objects.requireNonNull(DuckDbMigrations.class.getResourceAsStream(name), name)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is done in the open file. */
  private interface Work<T> {
    T run(Database database, Connection connection) throws SQLException;
  }

  private <T> T inFile(Work<T> work) {
    try (Database database = Database.open(settings.forFile())) {
      T answer;
      try (Connection connection = database.connectPlainly()) {
        answer = work.run(database, connection);
      }
      database.checkpoint(database.level());
      return answer;
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }
}
