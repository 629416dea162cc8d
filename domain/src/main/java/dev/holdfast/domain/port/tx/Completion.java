package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.QueueName;
import java.util.Objects;

/**
 * A run and the return of its handler.
 *
 * @param queue where the task is counted
 */
public record Completion(RunKey key, QueueName queue, Outcome.Completed outcome) {

  public Completion {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(outcome, "outcome");
  }
}
