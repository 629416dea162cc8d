package dev.holdfast.domain.port.node;

/**
 * How a node is, as its heartbeat says.
 *
 * @param freeSlots 0 or more
 * @param draining whether it takes no new work
 */
public record NodeLoad(int freeSlots, boolean draining) {}
