package dev.holdfast.bootstrap.bench;

import dev.holdfast.postgres.PostgresCounts;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.HdrHistogram.AbstractHistogram;

/**
 * What came out of a scenario.
 *
 * @param tasks how many there were
 * @param seconds from the first to the last
 * @param latencies in nanoseconds; empty where a single task's time says nothing
 * @param progress tasks done in each tenth of the time
 * @param cost of all of them, where the storage has a server that counts
 */
public record Result(
    Scenario scenario,
    long tasks,
    double seconds,
    Optional<AbstractHistogram> latencies,
    List<Long> progress,
    Optional<PostgresCounts> cost) {

  public Result {
    Objects.requireNonNull(scenario, "scenario");
    Objects.requireNonNull(latencies, "latencies");
    progress = List.copyOf(progress);
    Objects.requireNonNull(cost, "cost");
  }

  /** Tasks a second. */
  double rate() {
    return tasks / seconds;
  }
}
