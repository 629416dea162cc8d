/** Sessions, and the exclusive hold of one of them. Public for the other packages only. */
@NullMarked
package dev.holdfast.postgres.node;

import org.jspecify.annotations.NullMarked;
