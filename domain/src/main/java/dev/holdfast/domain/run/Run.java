package dev.holdfast.domain.run;

import dev.holdfast.domain.value.TaskId;
import java.util.Objects;

/**
 * What every place row carries on: the run it stands in and the last version it used.
 *
 * @param key for a waiting task the run that its next claim begins
 * @param attempt for a waiting task the attempt that its next claim makes; counts from 1
 * @param version the number of the newest event of the task
 */
public record Run(RunKey key, int attempt, int version, Marks marks) {

  public Run {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(marks, "marks");
  }

  /** The first run of a task whose newest event is {@code version}. */
  public static Run first(TaskId task, int version, Marks marks) {
    return new Run(new RunKey(task, 1), 1, version, marks);
  }

  /** The task. */
  public TaskId task() {
    return key.task();
  }

  /** The same run after its newest event. */
  public Run at(int newVersion) {
    return new Run(key, attempt, newVersion, marks);
  }

  /** The same run with another mark set. */
  public Run marked(Marks mark) {
    return new Run(key, attempt, version, marks.with(mark));
  }

  /** The run that follows an ended one. */
  public Run next(int nextAttempt, int newVersion) {
    return new Run(new RunKey(task(), key.number() + 1), nextAttempt, newVersion, marks);
  }
}
