package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import java.util.Objects;

/**
 * A change of the number of ended tasks of a queue.
 *
 * @param state a terminal state
 * @param change negative for replays
 */
public record Tally(QueueName queue, TaskState state, long change) {

  public Tally {
    Objects.requireNonNull(queue, "queue");
    if (!state.isTerminal()) {
      throw new IllegalArgumentException("only ended tasks are tallied, not " + state);
    }
  }
}
