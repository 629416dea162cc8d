/** Faults against clusters of real processes: what is run, and what came of it. */
@NullMarked
package dev.holdfast.chaos;

import org.jspecify.annotations.NullMarked;
