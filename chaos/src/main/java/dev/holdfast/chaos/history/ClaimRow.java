package dev.holdfast.chaos.history;

/** A task in a claim. */
public record ClaimRow(String task, int version, long session) {}
