package dev.holdfast.chaos.trace;

import dev.holdfast.domain.event.EventType;

/**
 * An event in the global stream.
 *
 * @param position as text
 */
public record SeenEvent(String position, String task, int version, EventType type, int attempt) {}
