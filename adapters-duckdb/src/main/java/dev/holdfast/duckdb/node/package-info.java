/** Sessions, and what their heartbeats are told. Public for the other packages only. */
@NullMarked
package dev.holdfast.duckdb.node;

import org.jspecify.annotations.NullMarked;
