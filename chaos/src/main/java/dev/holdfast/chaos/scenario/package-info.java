/** The faults. */
@NullMarked
package dev.holdfast.chaos.scenario;

import org.jspecify.annotations.NullMarked;
