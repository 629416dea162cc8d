package dev.holdfast.duckdb;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.testkit.VirtualClock;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.StorageHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A DuckDB file in a directory of its own, under a virtual clock. */
final class DuckDbHarness implements StorageHarness {

  // Migrated once; the others are copies of it.
  private static final Path TEMPLATE = template();

  private final VirtualClock clock = new VirtualClock();
  private final Path directory;
  private final DuckDbSettings settings;
  private DuckDbStorage storage;

  DuckDbHarness() {
    try {
      directory = Files.createTempDirectory("holdfast-duckdb");
      Path file = directory.resolve("holdfast.duckdb");
      Files.copy(TEMPLATE, file);
      settings = DuckDbSettings.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    storage = DuckDbStorage.open(settings, clock);
  }

  private static Path template() {
    try {
      Path directory = Files.createTempDirectory("holdfast-duckdb-template");
      Path file = directory.resolve("holdfast.duckdb");
      new DuckDbMigrations(DuckDbSettings.of(file)).up();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the file is. */
  DuckDbSettings settings() {
    return settings;
  }

  /** The clock of the storage. */
  VirtualClock clock() {
    return clock;
  }

  /** A file beside the database. */
  Path beside(String suffix) {
    return settings.file().resolveSibling(settings.file().getFileName() + suffix);
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public void advance(Duration step) {
    clock.advance(step);
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.DURABLE);
  }

  @Override
  public void reopen() {
    storage.close();
    storage = DuckDbStorage.open(settings, clock);
  }

  @Override
  public void close() {
    storage.close();
    delete(directory);
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
