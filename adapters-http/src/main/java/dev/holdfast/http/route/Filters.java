package dev.holdfast.http.route;

import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Names;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.http.stream.EventFilter;
import dev.holdfast.http.web.Query;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What query parameters say of which tasks and events to show. */
final class Filters {

  private static final String ALL_NAMESPACES = "*";

  private Filters() {}

  /** Which tasks a list shows. */
  static TaskFilter tasks(Query query) {
    return new TaskFilter(
        namespace(query),
        query.text("state", code(TaskState.values(), TaskState::code)),
        query.text("type", TypeName::new),
        query.text("queue", QueueName::new),
        query.text("parent", Filters::id),
        query.text("tag", text -> Names.free("tag", text)),
        query.text("cursor", Filters::cursor));
  }

  /** Which events a stream shows. */
  static EventFilter events(Query query) {
    return new EventFilter(
        namespace(query),
        query.text("type", code(EventType.values(), EventType::code)),
        query.text("task", Filters::id));
  }

  /** The namespace to show; null for all of them. */
  private static @Nullable Namespace namespace(Query query) {
    if (!query.has("namespace")) {
      return Namespace.DEFAULT;
    }
    return query.text(
        "namespace", text -> text.equals(ALL_NAMESPACES) ? null : new Namespace(text));
  }

  private static <E extends Enum<E>> Function<String, E> code(
      E[] values, Function<E, String> code) {
    return text -> Arrays.stream(values)
        .filter(value -> code.apply(value).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of "
            + String.join(", ", Arrays.stream(values).map(code).toList())));
  }

  private static TaskId id(String text) {
    try {
      return TaskId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be the id of a task, a lower-case UUID", e);
    }
  }

  private static TaskId cursor(String text) {
    try {
      return TaskId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be a nextCursor of this list", e);
    }
  }
}
