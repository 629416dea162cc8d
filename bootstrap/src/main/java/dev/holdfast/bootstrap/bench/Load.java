package dev.holdfast.bootstrap.bench;

/**
 * How much.
 *
 * @param tasks of enqueue and drain
 * @param threads that enqueue
 * @param rate of latency, tasks a second
 * @param seconds of latency
 */
public record Load(int tasks, int threads, int rate, int seconds) {}
