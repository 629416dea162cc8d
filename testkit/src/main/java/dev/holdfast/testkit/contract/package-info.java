/**
 * The storage contract: one abstract JUnit class for each area of the ports. An adapter passes by
 * extending each and naming its harness.
 */
@NullMarked
package dev.holdfast.testkit.contract;

import org.jspecify.annotations.NullMarked;
