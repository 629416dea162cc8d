package dev.holdfast.application.node;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.value.Json;
import org.jspecify.annotations.Nullable;

/** Maps strings only; enough for tests of what is not JSON. */
public final class PlainJson implements JsonMapper {

  @Override
  public <T> T read(Json json, Class<T> type) {
    return type.cast(json.text().substring(1, json.text().length() - 1));
  }

  @Override
  public Json write(@Nullable Object value) {
    return new Json("\"" + value + "\"");
  }

  @Override
  public String canonical(Json json) {
    return json.text().replace(" ", "");
  }
}
