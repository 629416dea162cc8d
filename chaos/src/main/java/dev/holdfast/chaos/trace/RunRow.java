package dev.holdfast.chaos.trace;

/**
 * The end of a run.
 *
 * @param session that held it; 0 when nobody did
 * @param assignedVersion of the event that gave it away; 0 when nobody had it
 * @param kind the code that storages keep
 */
public record RunRow(
    String task, int run, long session, int assignedVersion, int kind, boolean isFinal) {}
