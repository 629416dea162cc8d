package dev.holdfast.bootstrap.wiring;

import dev.holdfast.bootstrap.config.HoldfastConfig.StorageConfig;
import dev.holdfast.domain.port.SchemaMigrations;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.duckdb.DuckDbMigrations;
import dev.holdfast.duckdb.DuckDbSettings;
import dev.holdfast.duckdb.DuckDbStorage;
import dev.holdfast.postgres.PostgresMigrations;
import dev.holdfast.postgres.PostgresSettings;
import dev.holdfast.postgres.PostgresStorage;
import java.time.InstantSource;

/** Opens the storage that the configuration names. */
public final class Storages {

  private Storages() {}

  /**
   * Opens it; a schema that is behind is brought up to date first.
   *
   * @throws CannotStart if it is there but cannot be used
   */
  public static Storage open(StorageConfig config, InstantSource clock) {
    try {
      return opened(config, clock);
    } catch (IllegalStateException e) {
      // Of another version, damaged, or not permitted: the message says what to do.
      throw new CannotStart(String.valueOf(e.getMessage()), e);
    }
  }

  private static Storage opened(StorageConfig config, InstantSource clock) {
    return switch (config) {
      case StorageConfig.DuckDb file -> {
        DuckDbSettings settings = settings(file);
        new DuckDbMigrations(settings).up();
        yield DuckDbStorage.open(settings, clock);
      }
      case StorageConfig.Postgres database -> PostgresStorage.open(settings(database));
    };
  }

  /** The versions of its schema. */
  public static SchemaMigrations migrations(StorageConfig config) {
    return switch (config) {
      case StorageConfig.DuckDb file -> new DuckDbMigrations(settings(file));
      case StorageConfig.Postgres database -> new PostgresMigrations(settings(database));
    };
  }

  private static DuckDbSettings settings(StorageConfig.DuckDb config) {
    return new DuckDbSettings(
        config.file(), config.memoryMegabytes(), DuckDbSettings.DEFAULT_THREADS);
  }

  private static PostgresSettings settings(StorageConfig.Postgres config) {
    return PostgresSettings.of(config.url(), config.user(), config.password())
        .inSchema(config.schema())
        .withPoolSize(config.poolSize());
  }
}
