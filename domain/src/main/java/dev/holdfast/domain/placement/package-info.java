/**
 * Which node may run a task, and the reasons when it may not. Pure and deterministic.
 */
@NullMarked
package dev.holdfast.domain.placement;

import org.jspecify.annotations.NullMarked;
