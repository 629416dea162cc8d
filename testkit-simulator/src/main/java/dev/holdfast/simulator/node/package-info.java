/** The lives of nodes: each an engine, its host and its way to the storage. */
@NullMarked
package dev.holdfast.simulator.node;

import org.jspecify.annotations.NullMarked;
