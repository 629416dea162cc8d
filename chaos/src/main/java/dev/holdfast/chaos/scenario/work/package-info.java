/** No faults: what a healthy cluster must do, under weight. */
@NullMarked
package dev.holdfast.chaos.scenario.work;

import org.jspecify.annotations.NullMarked;
