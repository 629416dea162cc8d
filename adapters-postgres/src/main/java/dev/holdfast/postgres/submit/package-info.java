/** New tasks: their lanes, their rows, their places. Public for the other packages only. */
@NullMarked
package dev.holdfast.postgres.submit;

import org.jspecify.annotations.NullMarked;
