/** Faults of nodes. */
@NullMarked
package dev.holdfast.chaos.scenario.node;

import org.jspecify.annotations.NullMarked;
