/** What the columns mean, for all who read or write rows. Public for the other packages only. */
@NullMarked
package dev.holdfast.postgres.row;

import org.jspecify.annotations.NullMarked;
