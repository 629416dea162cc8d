package dev.holdfast.domain.value;

/** One batch of tasks handed to one session. */
public record ClaimId(long value) {}
