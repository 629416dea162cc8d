/**
 * When a failed attempt is tried again: strategies, caps and jitter as pure arithmetic.
 */
@NullMarked
package dev.holdfast.domain.retry;

import org.jspecify.annotations.NullMarked;
