package dev.holdfast.application.engine;

import dev.holdfast.domain.port.read.TaskQueries;
import java.time.Duration;

/**
 * A node of Holdfast inside this process: takes tasks, runs those it has handlers for, and answers
 * what became of them. Build one with {@link EngineBuilder}. Safe for concurrent use.
 */
public interface Engine extends AutoCloseable {

  /** Submit, await, cancel, replay, explain. */
  Tasks tasks();

  /** Reads of tasks, as the storage answers them. */
  TaskQueries queries();

  /** The event log, followed. */
  EventStream events();

  /** The nodes, the leader, the counts. */
  ClusterView cluster();

  /** Whether this node is well. */
  Health health();

  /**
   * Stops: claims nothing more, gives back what has not started, lets handlers finish within the
   * grace, interrupts the rest, ends its session. The storage stays open. Idempotent.
   */
  void stop(Duration grace);

  /** {@link #stop} with the grace of the settings. */
  @Override
  void close();
}
