/** Microbenchmarks and whole-engine benchmarks. */
@NullMarked
package dev.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
