package dev.holdfast.domain.task;

import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TypeName;
import java.util.Objects;

/** Where a task belongs and what runs it. */
public record TaskAddress(Namespace namespace, QueueName queue, TypeName type) {

  public TaskAddress {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(type, "type");
  }

  /** The type in the default namespace and queue. */
  public static TaskAddress of(String type) {
    return new TaskAddress(Namespace.DEFAULT, QueueName.DEFAULT, new TypeName(type));
  }
}
