package dev.holdfast.chaos.trace;

/** A lead that was given to a session. */
public record LeadTerm(long incarnation, long term, long session) {}
