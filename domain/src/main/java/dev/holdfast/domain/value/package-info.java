/**
 * Small validated values that every other package speaks in: names, ids, JSON text, errors.
 */
@NullMarked
package dev.holdfast.domain.value;

import org.jspecify.annotations.NullMarked;
