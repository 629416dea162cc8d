package dev.holdfast.application.worker;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.value.TypeName;
import java.util.Map;

/**
 * What a node can run.
 *
 * @param json maps what handlers hand over typed
 */
public record Handlers(Map<TypeName, Handler> byType, JsonMapper json) {

  public Handlers {
    byType = Map.copyOf(byType);
  }
}
