/** Runs a whole file of tasks to its end, and goes on with it after whatever stopped it. */
@NullMarked
package dev.holdfast.bootstrap.run;

import org.jspecify.annotations.NullMarked;
