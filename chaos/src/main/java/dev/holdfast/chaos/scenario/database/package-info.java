/** Faults of the database. */
@NullMarked
package dev.holdfast.chaos.scenario.database;

import org.jspecify.annotations.NullMarked;
