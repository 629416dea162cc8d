/** Simulates clusters of real nodes in one virtual time, seed by seed. */
@NullMarked
package dev.holdfast.simulator;

import org.jspecify.annotations.NullMarked;
