/** A storage in memory: the fake that every fast test runs on, held to the same contract. */
@NullMarked
package dev.holdfast.testkit.memory;

import org.jspecify.annotations.NullMarked;
