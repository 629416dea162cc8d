/** Contracts that only threads can break: stress, and one directed test for each known race. */
@NullMarked
package dev.holdfast.testkit.race;

import org.jspecify.annotations.NullMarked;
