package dev.holdfast.domain.task;

import java.util.Objects;

/**
 * A task waits for another one.
 *
 * @param required whether the other must complete; otherwise any end will do
 */
public record Dependency(TaskLink on, boolean required) {

  public Dependency {
    Objects.requireNonNull(on, "on");
  }
}
