package dev.holdfast.duckdb.db;

import java.nio.file.Path;

/**
 * What a file is opened with.
 *
 * @param file absolute, so that it is known again
 * @param memoryLimitMegabytes what DuckDB may use outside of the Java heap
 * @param threads of one statement
 */
public record FileSettings(Path file, int memoryLimitMegabytes, int threads) {}
