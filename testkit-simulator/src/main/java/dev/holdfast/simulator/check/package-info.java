/** The invariants, checked after every step. */
@NullMarked
package dev.holdfast.simulator.check;

import org.jspecify.annotations.NullMarked;
