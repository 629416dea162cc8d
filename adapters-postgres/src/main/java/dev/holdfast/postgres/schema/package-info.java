/** The versions of the schema. Public for the other packages only. */
@NullMarked
package dev.holdfast.postgres.schema;

import org.jspecify.annotations.NullMarked;
