package dev.holdfast.domain.task;

/** A step that the transition table does not list; names both states. */
public final class IllegalTransition extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  private final TaskState from;
  private final TaskState to;

  /** From a state to one that may not follow it. */
  public IllegalTransition(TaskState from, TaskState to) {
    super("a task that is " + from.code() + " cannot become " + to.code());
    this.from = from;
    this.to = to;
  }

  /** The state the task is in. */
  public TaskState from() {
    return from;
  }

  /** The state that was asked for. */
  public TaskState to() {
    return to;
  }
}
