/** Faults between nodes and the database, and of clocks. */
@NullMarked
package dev.holdfast.chaos.scenario.network;

import org.jspecify.annotations.NullMarked;
