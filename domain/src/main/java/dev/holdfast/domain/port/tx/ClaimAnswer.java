package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What a claim gave. */
public sealed interface ClaimAnswer {

  /**
   * The session now holds these tasks, in their order; none when nothing was pending.
   *
   * @param at when, by the storage's clock
   */
  record Claimed(Instant at, List<Assignment> assignments) implements ClaimAnswer {

    public Claimed {
      Objects.requireNonNull(at, "at");
      assignments = List.copyOf(assignments);
    }
  }

  /** The session has ended or its heartbeat is too old: it gets nothing. */
  record SessionOver() implements ClaimAnswer {}

  /** One task with everything its handler needs. */
  record Assignment(TaskDefinition definition, Json payload, Held held) {

    public Assignment {
      Objects.requireNonNull(definition, "definition");
      Objects.requireNonNull(payload, "payload");
      Objects.requireNonNull(held, "held");
    }
  }
}
