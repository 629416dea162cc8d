package dev.holdfast.domain.run;

import dev.holdfast.domain.task.TaskState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one command does to one task: the facts to append and the place to put it, in one
 * transaction with the removal of the place it had.
 *
 * @param next null when the task has ended
 */
public record Move(
    TaskState from,
    @Nullable RunEnd end,
    List<Note> notes,
    @Nullable Place next) {

  /** Checked against the transition table, unless the state stays. */
  public Move {
    notes = List.copyOf(notes);
    TaskState to = target(end, next);
    if (to != from) {
      from.to(to);
    }
  }

  /** The state after it. */
  public TaskState to() {
    return target(end, next);
  }

  private static TaskState target(@Nullable RunEnd end, @Nullable Place next) {
    if (next != null) {
      return next.state();
    }
    if (end == null) {
      throw new IllegalArgumentException("a move must end the task or place it");
    }
    return end.state();
  }
}
