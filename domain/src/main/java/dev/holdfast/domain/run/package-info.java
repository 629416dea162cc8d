/**
 * How a task lives: places, facts, and the one function set that turns a command into a move.
 *
 * <p>A live task has exactly one {@link dev.holdfast.domain.run.Place}; everything that ever
 * happened to it is an appended fact ({@link dev.holdfast.domain.run.RunEnd}, {@link
 * dev.holdfast.domain.run.Note}). {@link dev.holdfast.domain.run.Lifecycle} is the only code that
 * decides what follows what; storages only carry its moves out.
 */
@NullMarked
package dev.holdfast.domain.run;

import org.jspecify.annotations.NullMarked;
