/** Rows of the tables, and what is kept of them in memory. Public for the other packages only. */
@NullMarked
package dev.holdfast.duckdb.row;

import org.jspecify.annotations.NullMarked;
