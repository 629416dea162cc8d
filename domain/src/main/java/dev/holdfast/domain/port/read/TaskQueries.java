package dev.holdfast.domain.port.read;

import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads, each from one consistent snapshot, that lock nothing. */
public interface TaskQueries {

  /** One task in full, its queue position included while it is pending. */
  Optional<TaskView> find(TaskId task);

  /**
   * Tasks by descending id, without payload, result, stack traces and queue position.
   *
   * @param limit at most so many; positive
   */
  List<TaskView> list(TaskFilter filter, int limit);

  /** What a task waits or waited for, in the order of ids, with the results there are. */
  List<Upstream> upstream(TaskId task);

  /** Lanes with a greater number, ascending. */
  List<Lane> lanesAfter(int number);

  /** How many tasks are in which state; exact in its snapshot, cheap however long the history. */
  Stats stats();

  /** The states of these tasks; a task that does not exist is not in the answer. */
  Map<TaskId, TaskState> states(List<TaskId> tasks);
}
