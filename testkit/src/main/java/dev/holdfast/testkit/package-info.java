/** The storage contract, an in-memory storage, a virtual clock and the simulator. */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
