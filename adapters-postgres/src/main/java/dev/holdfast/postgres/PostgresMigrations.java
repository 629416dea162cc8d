package dev.holdfast.postgres;

import dev.holdfast.domain.port.SchemaMigrations;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.schema.History;
import dev.holdfast.postgres.schema.Migrator;
import dev.holdfast.postgres.schema.Printout;
import dev.holdfast.postgres.schema.Script;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.Flyway;

/**
 * The versions of the schema. Forward by Flyway, back by the script beside each. Every method may
 * throw {@link StorageUnavailable}. Safe for concurrent use, also by several processes.
 */
public final class PostgresMigrations implements SchemaMigrations {

  private final PostgresSettings settings;
  private final Migrator migrator;

  /** Connects with each call, and keeps no connection. */
  public PostgresMigrations(PostgresSettings settings) {
    this.settings = settings;
    Database patient = new Database(settings.source(Duration.ZERO));
    this.migrator = new Migrator(patient, this::flyway, settings.schema());
  }

  private Flyway flyway() {
    return Flyway.configure(PostgresMigrations.class.getClassLoader())
        .dataSource(settings.url(), settings.user(), settings.password())
        .schemas(settings.schema())
        .defaultSchema(settings.schema())
        .table(History.TABLE)
        .locations("classpath:db/migration/postgres")
        .load();
  }

  @Override
  public List<Step> status() {
    History history = migrator.history();
    return Script.ALL.stream().map(script -> step(script, history.has(script))).toList();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the schema is newer than this program, or was changed, or may
   *     not be created
   */
  @Override
  public List<Step> up() {
    List<Script> missing = missing();
    migrator.up();
    return missing.stream().map(script -> step(script, true)).toList();
  }

  /** One cheap query when nothing is missing, {@link #up} otherwise. */
  void upIfBehind() {
    if (!migrator.history().requireKnown().isComplete()) {
      migrator.up();
    }
  }

  @Override
  public List<Step> down(int steps) {
    List<Script> applied = migrator.history().requireKnown().newestFirst();
    if (steps < 0 || steps > applied.size()) {
      throw new IllegalArgumentException(
          "cannot take " + steps + " steps back, " + applied.size() + " are applied");
    }
    List<Script> back = applied.subList(0, steps);
    migrator.down(back);
    return back.stream().map(script -> step(script, false)).toList();
  }

  @Override
  public String print() {
    return Printout.of(settings.schema(), missing());
  }

  private List<Script> missing() {
    History history = migrator.history().requireKnown();
    return Script.ALL.stream().filter(script -> !history.has(script)).toList();
  }

  private static Step step(Script script, boolean applied) {
    return new Step(script.version(), script.description(), applied);
  }
}
