/** Nodes and the sessions that are their runs. */
@NullMarked
package dev.holdfast.domain.port.node;

import org.jspecify.annotations.NullMarked;
