/** The storage ports on PostgreSQL. */
@NullMarked
package dev.holdfast.postgres;

import org.jspecify.annotations.NullMarked;
