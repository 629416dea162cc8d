/**
 * Simulates clusters of real nodes in virtual time, seed by seed, with faults wherever a node asks
 * its storage. A history that breaks a promise names its seed; {@code make simulate SEED=… SEEDS=1}
 * repeats it, and so does {@code new Simulation(seed, Bend.NONE, true).run()} in a debugger.
 */
@NullMarked
package dev.holdfast.simulator;

import org.jspecify.annotations.NullMarked;
