package dev.holdfast.chaos.trace;

/** A task in a claim. */
public record ClaimRow(String task, int version, long session) {}
