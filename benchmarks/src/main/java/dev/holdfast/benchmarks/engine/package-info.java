/**
 * The whole engine under load, through its public embedding API, side by side with other engines.
 *
 * <p>{@link dev.holdfast.benchmarks.engine.EngineBench} takes the command line that the harness
 * gives to every engine ({@code SCENARIO N [key=value …]}, the {@code PG*} variables) and prints
 * one line of JSON. Each scenario is a class of its own; {@link dev.holdfast.benchmarks.engine.Bed}
 * makes storages and nodes as a user would, with every event and the whole history on, and {@link
 * dev.holdfast.benchmarks.engine.Server} counts what the database did meanwhile.
 */
@NullMarked
package dev.holdfast.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
