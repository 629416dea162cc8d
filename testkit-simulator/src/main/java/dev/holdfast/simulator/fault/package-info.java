/** What goes wrong, where and how often, as a seed decides. */
@NullMarked
package dev.holdfast.simulator.fault;

import org.jspecify.annotations.NullMarked;
