/** A cluster under test with everything that watches it. */
@NullMarked
package dev.holdfast.chaos.stage;

import org.jspecify.annotations.NullMarked;
