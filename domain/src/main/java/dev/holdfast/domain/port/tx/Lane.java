package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.task.LaneKey;
import java.util.Objects;

/**
 * A lane as the storage numbers it.
 *
 * @param number grows with every new lane; never reused
 */
public record Lane(int number, LaneKey key) {

  public Lane {
    Objects.requireNonNull(key, "key");
  }
}
