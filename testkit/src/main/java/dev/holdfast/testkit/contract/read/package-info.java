/** The part of the storage contract that only reads: tasks, lists, statistics, events. */
@NullMarked
package dev.holdfast.testkit.contract.read;

import org.jspecify.annotations.NullMarked;
