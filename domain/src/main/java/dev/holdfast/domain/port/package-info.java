/**
 * What the engine needs from a storage. Written for the implementer of the next adapter.
 *
 * <p>Behaviour that the contract kit does not check is not promised.
 */
@NullMarked
package dev.holdfast.domain.port;

import org.jspecify.annotations.NullMarked;
