/** Finds or starts a PostgreSQL for tests. */
@NullMarked
package dev.holdfast.testkit.postgres;

import org.jspecify.annotations.NullMarked;
