package dev.holdfast.application.engine;

import dev.holdfast.domain.value.Json;
import org.jspecify.annotations.Nullable;

/** Maps between JSON and the types of handlers. Implementations are safe for concurrent use. */
public interface JsonMapper {

  /**
   * Reads a document as a type.
   *
   * @throws IllegalArgumentException if it does not fit, with a message for people
   */
  <T> T read(Json json, Class<T> type);

  /**
   * Writes a value as a document.
   *
   * @throws IllegalArgumentException if it cannot be written
   */
  Json write(@Nullable Object value);

  /**
   * The document with the members of every object in one order and without white space, so that
   * documents that differ in nothing else become the same text. Numbers keep their digits.
   *
   * @throws IllegalArgumentException if it is not JSON
   */
  String canonical(Json json);
}
