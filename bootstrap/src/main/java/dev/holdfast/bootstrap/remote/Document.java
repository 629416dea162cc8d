package dev.holdfast.bootstrap.remote;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.value.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object of which one wants to know some members. */
public record Document(Map<String, Object> members) {

  /** Reads a text; anything else than an object is an empty one. */
  public static Document parse(JsonMapper mapper, String text) {
    try {
      return of(mapper.read(new Json(text), Object.class));
    } catch (IllegalArgumentException e) {
      return new Document(Map.of());
    }
  }

  /** A value as a document; anything else than an object is an empty one. */
  @SuppressWarnings("unchecked") // member names of JSON objects are texts
  public static Document of(@Nullable Object value) {
    return new Document(value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of());
  }

  /** A member as it is; null when it is absent. */
  public @Nullable Object get(String name) {
    return members.get(name);
  }

  /** A text member. */
  public Optional<String> text(String name) {
    return get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A text member, or nothing. */
  public String textOrEmpty(String name) {
    return text(name).orElse("");
  }

  /** A member that is an object. */
  public Document object(String name) {
    return of(get(name));
  }

  /** A member that is a list of objects. */
  public List<Document> list(String name) {
    return get(name) instanceof List<?> list ? list.stream().map(Document::of).toList() : List.of();
  }
}
