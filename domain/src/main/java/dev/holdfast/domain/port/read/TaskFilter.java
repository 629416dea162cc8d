package dev.holdfast.domain.port.read;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks a list shows; a null member does not restrict.
 *
 * @param before only tasks with smaller ids
 */
public record TaskFilter(
    @Nullable Namespace namespace,
    @Nullable TaskState state,
    @Nullable TypeName type,
    @Nullable QueueName queue,
    @Nullable TaskId parent,
    @Nullable String tag,
    @Nullable TaskId before) {

  /** Every task. */
  public static final TaskFilter ALL = new TaskFilter(null, null, null, null, null, null, null);
}
