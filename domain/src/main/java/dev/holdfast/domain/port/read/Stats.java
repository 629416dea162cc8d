package dev.holdfast.domain.port.read;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts over all namespaces.
 *
 * @param queues the number of tasks of each queue in each state; states without tasks are absent
 * @param oldestPendingSince the due time of the oldest pending task
 * @param completedLastTenSeconds how many tasks completed in the last ten seconds
 * @param now when this was read
 */
public record Stats(
    Map<QueueName, Map<TaskState, Long>> queues,
    @Nullable Instant oldestPendingSince,
    long completedLastTenSeconds,
    Instant now) {

  public Stats {
    queues = Map.copyOf(queues);
  }
}
