/** What is remembered of tasks, and forgotten. Public for the other packages only. */
@NullMarked
package dev.holdfast.duckdb.history;

import org.jspecify.annotations.NullMarked;
