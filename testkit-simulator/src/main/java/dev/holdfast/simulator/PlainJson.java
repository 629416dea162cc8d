package dev.holdfast.simulator;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.value.Json;
import org.jspecify.annotations.Nullable;

/** No mapper at all: simulated tasks have plain texts. */
final class PlainJson implements JsonMapper {

  @Override
  public <T> T read(Json json, Class<T> type) {
    throw new IllegalArgumentException("simulated handlers read nothing");
  }

  @Override
  public Json write(@Nullable Object value) {
    throw new IllegalArgumentException("simulated handlers write nothing");
  }

  @Override
  public String canonical(Json json) {
    return json.text();
  }
}
