package dev.holdfast.application.loop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * What a node runs on: threads, the monotonic clock, chance. {@link LoopThreads} is the real one; a
 * simulator has one thread and a virtual clock for many nodes. Safe for concurrent use.
 */
public interface Host {

  /** The monotonic clock in nanoseconds, from an arbitrary origin; it may overflow. */
  long nanos();

  /** Chance, for jitter and for ids. */
  RandomGenerator random();

  /** Begins to drive a loop. */
  void start(Loop loop);

  /**
   * Stops loops, all at once, each after the tick it is in, and waits for them. Loops that are not
   * driven count as stopped. An interruption of the caller is kept for it and ends the wait.
   *
   * @return whether every one ended within the patience; the threads of the others are interrupted
   */
  boolean stop(List<Loop> loops, Duration patience);

  /** Stops every loop and waits for none; their threads are interrupted. */
  void halt();

  /** How each driven loop is. */
  List<Pulse> pulses();

  /** Runs one piece of handler work beside everything else. */
  void fork(String name, Runnable work);

  /**
   * Waits for what another loop or handler of this host answers, for as long as it takes.
   *
   * @throws ExecutionException if the answer is a failure
   */
  default <T> T await(CompletableFuture<T> answer) throws InterruptedException, ExecutionException {
    return answer.get();
  }

  /**
   * As {@link #await(CompletableFuture)}, with a bound.
   *
   * @throws TimeoutException if the patience was over first
   * @throws ExecutionException if the answer is a failure
   */
  default <T> T await(CompletableFuture<T> answer, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * How a loop is.
   *
   * @param ageSeconds since it last ended a tick well
   */
  record Pulse(
      String loop, boolean isDriven, double ageSeconds, int failuresInRow, String lastFailure) {}
}
