package dev.holdfast.bootstrap.bench;

import dev.holdfast.bootstrap.config.HoldfastConfig.StorageConfig;
import dev.holdfast.bootstrap.wiring.Storages;
import dev.holdfast.domain.port.SchemaMigrations;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.postgres.PostgresCounts;
import dev.holdfast.postgres.PostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/**
 * A storage like the configured one and beside it: another schema of the same database, another
 * file in the same folder. Removed in the end. Belongs to one thread.
 */
public final class Scratch implements AutoCloseable {

  private final StorageConfig config;

  /** Beside this one. */
  public Scratch(StorageConfig configured) {
    String name = "holdfast_bench_" + ProcessHandle.current().pid();
    this.config = switch (configured) {
      case StorageConfig.DuckDb file ->
        new StorageConfig.DuckDb(
            file.file().toAbsolutePath().resolveSibling(name).resolve("bench.duckdb"),
            file.memoryMegabytes());
      case StorageConfig.Postgres database ->
        new StorageConfig.Postgres(
            database.url(), database.user(), database.password(), name, database.poolSize());
    };
  }

  /** Opens it; what an earlier scenario left there is removed first. */
  Storage open() {
    remove();
    if (config instanceof StorageConfig.DuckDb file) {
      create(folder(file));
    }
    return Storages.open(config, InstantSource.system());
  }

  /** Opens it as it is. */
  Storage openAgain() {
    return Storages.open(config, InstantSource.system());
  }

  /** What it is, for people. */
  public String title() {
    return switch (config) {
      case StorageConfig.DuckDb file -> "DuckDB, in " + folder(file).getParent();
      case StorageConfig.Postgres database -> "PostgreSQL, " + settings(database);
    };
  }

  /** What its server has done so far; empty when it has none. */
  Optional<PostgresCounts> counts() {
    return config instanceof StorageConfig.Postgres database
        ? Optional.of(PostgresCounts.of(settings(database)))
        : Optional.empty();
  }

  private static PostgresSettings settings(StorageConfig.Postgres database) {
    return PostgresSettings.of(database.url(), database.user(), database.password())
        .inSchema(database.schema());
  }

  @Override
  public void close() {
    remove();
  }

  private void remove() {
    switch (config) {
      case StorageConfig.DuckDb file -> delete(folder(file));
      case StorageConfig.Postgres database -> {
        SchemaMigrations migrations = Storages.migrations(database);
        migrations.down((int)
            migrations.status().stream().filter(SchemaMigrations.Step::applied).count());
      }
    }
  }

  private static Path folder(StorageConfig.DuckDb file) {
    return Objects.requireNonNull(file.file().getParent());
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
