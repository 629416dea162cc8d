/**
 * Submissions, places, runs, facts and dependencies inside one transaction. Public for the other
 * packages only.
 */
@NullMarked
package dev.holdfast.duckdb.tx;

import org.jspecify.annotations.NullMarked;
