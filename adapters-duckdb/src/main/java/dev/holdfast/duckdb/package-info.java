/** The storage ports on DuckDB. */
@NullMarked
package dev.holdfast.duckdb;

import org.jspecify.annotations.NullMarked;
