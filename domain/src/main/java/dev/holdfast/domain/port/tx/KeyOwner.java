package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.TaskId;
import java.util.Objects;

/**
 * An idempotency key and the task that has it.
 *
 * @param fingerprint equal for equal content; at most 64 characters
 */
public record KeyOwner(Namespace namespace, String key, TaskId task, String fingerprint) {

  public KeyOwner {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(fingerprint, "fingerprint");
  }
}
