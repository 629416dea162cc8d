package dev.holdfast.application.task;

import dev.holdfast.domain.task.TaskState;

/** What became of a cancel. */
public sealed interface CancelAnswer {

  /** It is cancelled, now or since before. */
  record Cancelled() implements CancelAnswer {}

  /** Its running handler is asked to stop. */
  record Asked() implements CancelAnswer {}

  /** It has ended otherwise. */
  record Ended(TaskState state) implements CancelAnswer {}

  /** There is no such task. */
  record Unknown() implements CancelAnswer {}
}
