/**
 * {@code holdfast bench}: what the configured storage gives on this machine.
 *
 * <p>{@link dev.holdfast.bootstrap.bench.Bench} runs one {@link
 * dev.holdfast.bootstrap.bench.Scenario} after the other in a {@link
 * dev.holdfast.bootstrap.bench.Scratch} place beside the real one, through the same embedding API
 * that programs use, and {@link dev.holdfast.bootstrap.bench.Report} prints what came out.
 */
@NullMarked
package dev.holdfast.bootstrap.bench;

import org.jspecify.annotations.NullMarked;
