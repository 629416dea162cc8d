package dev.holdfast.domain.event;

import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to one task.
 *
 * @param version counts the events of the task from 1 without gaps; never changes once shown
 * @param at when it happened; true time, so it need not grow along the global stream
 * @param attempt 0 outside of an attempt
 * @param detail what else there is to say, by name; values are text, numbers, instants or such
 *     maps; never a payload or a result
 */
public record TaskEvent(
    TaskId task,
    int version,
    EventType type,
    Instant at,
    @Nullable NodeId node,
    int attempt,
    Map<String, Object> detail) {

  public TaskEvent {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(at, "at");
    detail = Collections.unmodifiableMap(new LinkedHashMap<>(detail));
  }
}
