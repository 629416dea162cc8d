package dev.holdfast.http.web;

import dev.holdfast.domain.value.TaskId;
import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;

/**
 * A request on its route.
 *
 * @param id what stands in the path for {@code {id}}; empty when the route has none
 */
public record Request(Call call, String id, Query query) {

  /**
   * The task that the path names.
   *
   * @throws ProblemException if it is malformed: then there is no such task
   */
  public TaskId task() {
    try {
      return TaskId.parse(id);
    } catch (IllegalArgumentException e) {
      throw noTask();
    }
  }

  /** What to throw when there is no task of the id in the path. */
  public ProblemException noTask() {
    return new ProblemException(ProblemName.NOT_FOUND, "there is no such task");
  }
}
