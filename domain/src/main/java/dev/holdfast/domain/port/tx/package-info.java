/** What happens inside one transaction: the places, the facts and their laws. */
@NullMarked
package dev.holdfast.domain.port.tx;

import org.jspecify.annotations.NullMarked;
