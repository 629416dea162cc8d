package dev.holdfast.domain.value;

import java.util.Objects;

/**
 * A JSON document as its exact text, so that numbers and member order survive.
 *
 * <p>The domain does not parse it; the edge that built it has validated it.
 */
public record Json(String text) {

  /** The empty object, the payload of a task that names none. */
  public static final Json EMPTY_OBJECT = new Json("{}");

  /** The JSON {@code null}. */
  public static final Json NULL = new Json("null");

  public Json {
    Objects.requireNonNull(text, "text");
  }

  /** The size in bytes of UTF-8, the unit of every limit on payloads and results. */
  public int sizeInBytes() {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A surrogate pair is two chars and four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  @Override
  public String toString() {
    return text;
  }
}
