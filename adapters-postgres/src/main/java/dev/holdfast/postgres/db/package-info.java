/** Connections, transactions, and what their errors mean. Public for the other packages only. */
@NullMarked
package dev.holdfast.postgres.db;

import org.jspecify.annotations.NullMarked;
