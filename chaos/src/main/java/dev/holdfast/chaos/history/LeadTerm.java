package dev.holdfast.chaos.history;

/** A lead that was given to a session. */
public record LeadTerm(long incarnation, long term, long session) {}
