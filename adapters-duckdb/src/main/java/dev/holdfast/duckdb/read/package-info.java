/** Reads, each in one snapshot. Public for the other packages only. */
@NullMarked
package dev.holdfast.duckdb.read;

import org.jspecify.annotations.NullMarked;
