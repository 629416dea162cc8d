/** Places, runs, facts and dependencies in a transaction. Public for the other packages only. */
@NullMarked
package dev.holdfast.postgres.tx;

import org.jspecify.annotations.NullMarked;
