/**
 * The event log as a view: facts in, numbered events out.
 */
@NullMarked
package dev.holdfast.domain.event;

import org.jspecify.annotations.NullMarked;
