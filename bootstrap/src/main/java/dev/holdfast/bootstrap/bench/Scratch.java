package dev.holdfast.bootstrap.bench;

import dev.holdfast.bootstrap.config.HoldfastConfig.StorageConfig;
import dev.holdfast.bootstrap.wiring.Storages;
import dev.holdfast.domain.port.SchemaMigrations;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.postgres.PostgresCounts;
import dev.holdfast.postgres.PostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage like the configured one and beside it: another schema of the same database, another
 * file in the same folder. Removed in the end. Belongs to one thread.
 */
public final class Scratch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

  private final StorageConfig config;

  /** Its folder, and those above that are there for its sake; empty for a schema. */
  private final List<Path> folders;

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
    this.folders = config instanceof StorageConfig.DuckDb file
        ? Stream.iterate(folder(file), Scratch::isMissing, Path::getParent).toList()
        : List.of();
  }

  private static boolean isMissing(@Nullable Path folder) {
    return folder != null && !Files.exists(folder);
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
      case StorageConfig.DuckDb file -> delete(file);
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

  private void delete(StorageConfig.DuckDb file) {
    if (!Files.exists(folder(file))) {
      return;
    }
    try (var files = Files.list(folder(file))) {
      for (Path one : files.toList()) {
        Files.delete(one);
      }
      for (Path folder : folders) {
        Files.delete(folder);
      }
    } catch (DirectoryNotEmptyException e) {
      LOG.atInfo().addKeyValue("folder", e.getFile()).log("somebody else uses the folder now");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
