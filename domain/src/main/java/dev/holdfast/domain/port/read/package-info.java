/** Reads that lock nothing: tasks, lists, statistics, events. */
@NullMarked
package dev.holdfast.domain.port.read;

import org.jspecify.annotations.NullMarked;
