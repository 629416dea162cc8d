/**
 * The one writer, its open transaction and the numbers it counts. Public for the other packages
 * only.
 */
@NullMarked
package dev.holdfast.duckdb.writer;

import org.jspecify.annotations.NullMarked;
