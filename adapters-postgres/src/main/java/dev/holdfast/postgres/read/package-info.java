/** Reads that lock nothing. Public for the other packages only. */
@NullMarked
package dev.holdfast.postgres.read;

import org.jspecify.annotations.NullMarked;
