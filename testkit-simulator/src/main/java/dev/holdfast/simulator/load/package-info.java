/** What clients and handlers do. */
@NullMarked
package dev.holdfast.simulator.load;

import org.jspecify.annotations.NullMarked;
