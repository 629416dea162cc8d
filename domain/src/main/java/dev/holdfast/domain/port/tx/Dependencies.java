package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who waits for whom, inside one transaction. */
public interface Dependencies {

  /** Writes edges of new tasks. An edge that exists already is left as it is. */
  void link(Collection<Edge> edges);

  /**
   * The edges that lead away from these tasks, by upstream then downstream.
   *
   * @param after only edges to later downstream tasks; null from the first
   * @param limit at most so many; positive
   */
  List<Edge> downstream(Collection<TaskId> upstream, @Nullable TaskId after, int limit);

  /** The edges that lead to these tasks. */
  List<Edge> upstream(Collection<TaskId> downstream);

  /**
   * Lowers the number of open dependencies of blocked tasks, locking them in the order of their
   * ids.
   *
   * @param satisfied how many of each task's dependencies are satisfied now; negative for how many
   *     it must wait for again
   * @return what is left open, of those tasks that are blocked
   */
  Map<TaskId, Integer> satisfy(Map<TaskId, Integer> satisfied);

  /** Remembers ended tasks whose dependants are handled later. */
  void defer(Collection<Deferred> deferred);

  /**
   * Removes and returns what was deferred, skipping rows that others have locked.
   *
   * @param limit at most so many; positive
   */
  List<Deferred> takeDeferred(int limit);

  /**
   * {@code downstream} waits for {@code upstream}.
   *
   * @param required whether the upstream must complete
   */
  record Edge(TaskId upstream, TaskId downstream, boolean required) {}

  /**
   * An ended task whose dependants were not all handled.
   *
   * @param after the last dependant that was; null when none was
   */
  record Deferred(TaskId upstream, @Nullable TaskId after) {}
}
