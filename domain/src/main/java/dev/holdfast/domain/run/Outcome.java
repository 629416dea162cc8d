package dev.holdfast.domain.run;

import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskError;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a worker says of a run it held. */
public sealed interface Outcome {

  /** The handler's begin by the storage's clock; null when it was not called. */
  @Nullable
  Instant beganAt();

  /** The handler returned. */
  record Completed(Json result, Instant beganAt, Instant endedAt) implements Outcome {

    public Completed {
      Objects.requireNonNull(result, "result");
      Objects.requireNonNull(beganAt, "beganAt");
      Objects.requireNonNull(endedAt, "endedAt");
    }
  }

  /**
   * The handler threw, ran out of time, or could not be called.
   *
   * @param mayRetry false when the handler says that trying again is of no use
   */
  record Failed(TaskError error, boolean mayRetry, @Nullable Instant beganAt) implements Outcome {

    public Failed {
      Objects.requireNonNull(error, "error");
    }
  }

  /** The worker gives it back; it was not the handler's fault, so no attempt is spent. */
  record Released(@Nullable Instant beganAt) implements Outcome {}

  /**
   * The handler suspended the task; no attempt is spent.
   *
   * @param wakeAt when it goes on by itself; null when it waits to be woken
   */
  record Suspended(@Nullable Instant wakeAt, Instant beganAt) implements Outcome {

    public Suspended {
      Objects.requireNonNull(beganAt, "beganAt");
    }
  }
}
