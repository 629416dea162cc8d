package dev.holdfast.http.json;

import java.util.List;
import java.util.Map;

/** A parsed value. Numbers and opaque members keep their source text. */
public sealed interface JsonValue {

  /** An object; its members in the order of the source. */
  record Members(Map<String, JsonValue> members) implements JsonValue {}

  /** An array. */
  record Items(List<JsonValue> items) implements JsonValue {}

  /** A string, without its escapes. */
  record Text(String value) implements JsonValue {}

  /** A number as it was written. */
  record Digits(String source) implements JsonValue {}

  /** True or false. */
  record Flag(boolean value) implements JsonValue {}

  /** The literal {@code null}. */
  record Nothing() implements JsonValue {}

  /** A member that is carried, not looked into: checked, and kept exactly as it was written. */
  record Opaque(String source) implements JsonValue {}

  /** What kind of value it is, for messages. */
  default String kind() {
    return switch (this) {
      case Members ignored -> "an object";
      case Items ignored -> "an array";
      case Text ignored -> "a string";
      case Digits ignored -> "a number";
      case Flag ignored -> "a boolean";
      case Nothing ignored -> "null";
      case Opaque ignored -> "any value";
    };
  }
}
