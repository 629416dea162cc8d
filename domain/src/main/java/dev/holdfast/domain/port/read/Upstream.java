package dev.holdfast.domain.port.read;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One dependency of a task.
 *
 * @param ref the name it had in its batch
 * @param result of a completed one
 */
public record Upstream(
    TaskId task,
    @Nullable String ref,
    boolean required,
    TaskState state,
    @Nullable Json result) {

  public Upstream {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(state, "state");
  }
}
