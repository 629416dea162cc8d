package dev.holdfast.application.task;

import dev.holdfast.domain.placement.Verdict;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a task runs or does not.
 *
 * @param waitingFor empty when it runs or has ended
 * @param nodes what each node that is known says of it
 */
public record Explanation(
    TaskId task,
    TaskState state,
    @Nullable Integer queuePosition,
    List<Wait> waitingFor,
    List<Verdict> nodes) {

  public Explanation {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(state, "state");
    waitingFor = List.copyOf(waitingFor);
    nodes = List.copyOf(nodes);
  }

  /** What kind of thing a task waits for. */
  public enum WaitKind {
    /** Another task. */
    DEPENDENCY,
    /** Its due time. */
    TIME,
    /** A node that has a handler for its type. */
    EXECUTOR,
    /** A node with the labels it needs. */
    LABEL,
    /** A node that it is allowed on, or one that lives. */
    NODE,
    /** A free slot on a node that could run it. */
    SLOT
  }

  /** One thing that it waits for. */
  public record Wait(WaitKind kind, String detail) {}
}
