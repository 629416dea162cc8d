/**
 * What a task is: its definition, its states, and the one table of legal transitions.
 */
@NullMarked
package dev.holdfast.domain.task;

import org.jspecify.annotations.NullMarked;
