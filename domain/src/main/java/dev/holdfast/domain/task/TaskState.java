package dev.holdfast.domain.task;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The states of a task and the one table of what may follow what. */
public enum TaskState {
  /** Waits for the tasks it depends on. */
  BLOCKED,
  /** Waits for its due time: a start in the future, or the next attempt. */
  SCHEDULED,
  /** Due: the next free node that may run it claims it. */
  PENDING,
  /** Handed to a session, its handler not known to run yet. */
  CLAIMED,
  /** Its handler runs. */
  RUNNING,
  /** Suspended by its handler until it is woken. */
  WAITING,
  /** Ended well. */
  COMPLETED,
  /** Ended badly with its attempts spent: a dead letter. */
  FAILED,
  /** Ended on request, or since a required dependency ended badly. */
  CANCELLED,
  /** Ended since it was not done before it expired. */
  TIMED_OUT;

  /** The states that may directly follow this one. A replay is what leads out of an ended one. */
  public Set<TaskState> successors() {
    return switch (this) {
      case BLOCKED -> EnumSet.of(SCHEDULED, PENDING, CANCELLED, TIMED_OUT);
      case SCHEDULED -> EnumSet.of(PENDING, CANCELLED, TIMED_OUT);
      case PENDING -> EnumSet.of(CLAIMED, CANCELLED, TIMED_OUT);
      case CLAIMED, RUNNING -> whileHeld();
      case WAITING -> EnumSet.of(PENDING, CANCELLED, TIMED_OUT);
      case COMPLETED -> EnumSet.noneOf(TaskState.class);
      case FAILED, TIMED_OUT, CANCELLED -> EnumSet.of(BLOCKED, SCHEDULED, PENDING);
    };
  }

  private Set<TaskState> whileHeld() {
    Set<TaskState> next =
        EnumSet.of(PENDING, SCHEDULED, WAITING, COMPLETED, FAILED, CANCELLED, TIMED_OUT);
    if (this == CLAIMED) {
      next.add(RUNNING);
    }
    return next;
  }

  /** Whether the task has ended; only a replay moves it then. */
  public boolean isTerminal() {
    return switch (this) {
      case COMPLETED, FAILED, CANCELLED, TIMED_OUT -> true;
      case BLOCKED, SCHEDULED, PENDING, CLAIMED, RUNNING, WAITING -> false;
    };
  }

  /**
   * Checks one step.
   *
   * @return {@code next}
   * @throws IllegalTransition if the table does not list it
   */
  public TaskState to(TaskState next) {
    if (!successors().contains(next)) {
      throw new IllegalTransition(this, next);
    }
    return next;
  }

  /** The name as the HTTP contract spells it, for example {@code timed_out}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
