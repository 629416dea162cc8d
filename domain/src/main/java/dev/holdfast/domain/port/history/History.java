package dev.holdfast.domain.port.history;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The end of what is kept, inside one transaction. */
public interface History {

  /**
   * Looks at tasks in the order of their ids, the oldest first, and removes those that have ended
   * before an instant, each with everything that belongs to it: its definition, ends, notes, steps,
   * edges, expiry and idempotency key, and the claims whose tasks are all gone.
   *
   * <p>A task stays while it lives, while a live task depends on it, and while somebody has it
   * locked. The event stream then starts behind the newest event that was removed.
   *
   * @param after only tasks behind this one; null from the first
   * @param limit how many tasks to look at; positive
   */
  Sweep removeEnded(Instant endedBefore, @Nullable TaskId after, int limit);

  /**
   * Removes sessions that ended before an instant and that no claim, run or lead refers to.
   *
   * @param limit at most so many; positive
   * @return how many were removed
   */
  int removeSessions(Instant endedBefore, int limit);

  /**
   * What one look found.
   *
   * @param removed what was removed, in the order of the ids
   * @param next where to go on; null when there is nothing behind it that can be old enough
   */
  record Sweep(List<Removed> removed, @Nullable TaskId next) {

    public Sweep {
      removed = List.copyOf(removed);
    }
  }

  /**
   * A task that was.
   *
   * @param state how it had ended
   */
  record Removed(TaskId task, QueueName queue, TaskState state) {

    public Removed {
      Objects.requireNonNull(task, "task");
      Objects.requireNonNull(queue, "queue");
      Objects.requireNonNull(state, "state");
    }
  }
}
