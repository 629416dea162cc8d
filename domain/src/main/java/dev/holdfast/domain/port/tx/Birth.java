package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A new task.
 *
 * @param place where it starts its life: ready, scheduled or blocked. Null when it has ended
 *     already; its end is appended by {@link Facts#end} in the same transaction
 */
public record Birth(
    TaskDefinition definition, Json payload, @Nullable Place place) {

  public Birth {
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(payload, "payload");
    if (place instanceof Place.Held) {
      throw new IllegalArgumentException("a task is not born claimed");
    }
  }
}
