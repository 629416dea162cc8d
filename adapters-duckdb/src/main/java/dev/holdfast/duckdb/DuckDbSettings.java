package dev.holdfast.duckdb;

import dev.holdfast.duckdb.db.FileSettings;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the file is and what it may use.
 *
 * @param file the database; made when it does not exist, with its directory. Two files stand
 *     beside it: {@code FILE.wal}, which belongs to the data, and {@code FILE.mark}, which says how
 *     far they went
 * @param memoryLimitMegabytes what DuckDB may use outside of the Java heap; 64 or more
 * @param threads of one statement; 1 or more
 */
public record DuckDbSettings(Path file, int memoryLimitMegabytes, int threads) {

  /** The memory limit of settings that name none. */
  public static final int DEFAULT_MEMORY_LIMIT_MEGABYTES = 512;

  /**
   * The number of threads of settings that name none: statements of hundreds of rows gain nothing
   * from a second one, and cost half as much again.
   */
  public static final int DEFAULT_THREADS = 1;

  public DuckDbSettings {
    Objects.requireNonNull(file, "file");
    file = file.toAbsolutePath().normalize();
    requireAtLeast("memoryLimitMegabytes", memoryLimitMegabytes, 64);
    requireAtLeast("threads", threads, 1);
  }

  /** A file with every default. */
  public static DuckDbSettings of(Path file) {
    return new DuckDbSettings(file, DEFAULT_MEMORY_LIMIT_MEGABYTES, DEFAULT_THREADS);
  }

  /** What the file is opened with. */
  FileSettings forFile() {
    return new FileSettings(file, memoryLimitMegabytes, threads);
  }

  private static void requireAtLeast(String name, int value, int bound) {
    if (value < bound) {
      throw new IllegalArgumentException(name + " must be at least " + bound + ", got " + value);
    }
  }
}
