package dev.holdfast.http.stream;

import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.TaskId;
import org.jspecify.annotations.Nullable;

/** Which events a stream shows; a null member does not restrict. */
public record EventFilter(
    @Nullable Namespace namespace,
    @Nullable EventType type,
    @Nullable TaskId task) {

  /** Whether it shows this one. */
  boolean takes(EventPage.Entry entry) {
    return (namespace == null || namespace.equals(entry.address().namespace()))
        && (type == null || type == entry.event().type())
        && (task == null || task.equals(entry.event().task()));
  }
}
