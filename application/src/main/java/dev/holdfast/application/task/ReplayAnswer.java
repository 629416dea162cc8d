package dev.holdfast.application.task;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.Objects;

/** What became of a replay. */
public sealed interface ReplayAnswer {

  /** It lives again, in this state. */
  record Replayed(TaskState state) implements ReplayAnswer {}

  /** It is in a state that nothing is replayed from. */
  record NotReplayable(TaskState state) implements ReplayAnswer {}

  /** A required dependency has ended badly: replay that one. */
  record UpstreamBad(TaskId upstream, TaskState state) implements ReplayAnswer {

    public UpstreamBad {
      Objects.requireNonNull(upstream, "upstream");
      Objects.requireNonNull(state, "state");
    }
  }

  /** There is no such task. */
  record Unknown() implements ReplayAnswer {}
}
