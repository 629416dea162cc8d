/**
 * The file: its connections, its checkpoints and mark, values on their way in and out of it, and
 * what its errors mean. Public for the other packages only.
 */
@NullMarked
package dev.holdfast.duckdb.db;

import org.jspecify.annotations.NullMarked;
