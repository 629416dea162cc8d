/** The versions of the tables. Public for the other packages only. */
@NullMarked
package dev.holdfast.duckdb.schema;

import org.jspecify.annotations.NullMarked;
