/** Virtual time: events, one after another, and fibers that can wait in the middle of one. */
@NullMarked
package dev.holdfast.simulator.time;

import org.jspecify.annotations.NullMarked;
