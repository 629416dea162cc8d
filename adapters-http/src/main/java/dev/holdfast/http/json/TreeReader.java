package dev.holdfast.http.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/** Builds the values of one document and checks every token on the way. Belongs to one thread. */
final class TreeReader {

  private final String source;
  private final Shape shape;
  private final Faults faults;
  private final StringBuilder pointer = new StringBuilder();
  private int depth;

  TreeReader(String source, Shape shape, Faults faults) {
    this.source = source;
    this.shape = shape;
    this.faults = faults;
  }

  /** Where it is. */
  String pointer() {
    return pointer.toString();
  }

  /** The whole document. */
  JsonValue document(JsonParser parser) {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new StreamReadException(parser, "there is no document");
    }
    JsonValue value = value(parser, first);
    if (parser.nextToken() != null) {
      throw new StreamReadException(parser, "content follows the document");
    }
    return value;
  }

  private JsonValue value(JsonParser parser, @Nullable JsonToken token) {
    if (token == null) {
      throw new StreamReadException(parser, "the document ends too early");
    }
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new JsonValue.Text(checked(parser.getString()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
      case VALUE_TRUE -> new JsonValue.Flag(true);
      case VALUE_FALSE -> new JsonValue.Flag(false);
      case VALUE_NULL -> new JsonValue.Nothing();
      default -> throw new StreamReadException(parser, "unexpected " + token);
    };
  }

  private JsonValue object(JsonParser parser) {
    descend();
    Map<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      int length = push(name);
      checked(name);
      JsonToken token = parser.nextToken();
      boolean opaque = depth == shape.opaqueDepth() && name.equals(shape.opaqueName());
      JsonValue value = opaque ? opaque(parser, token) : value(parser, token);
      if (members.put(name, value) != null) {
        faults.add(pointer(), "the member is there twice");
      }
      pointer.setLength(length);
    }
    depth--;
    return new JsonValue.Members(members);
  }

  private JsonValue array(JsonParser parser) {
    descend();
    List<JsonValue> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      int length = push(Integer.toString(items.size()));
      items.add(value(parser, token));
      pointer.setLength(length);
    }
    depth--;
    return new JsonValue.Items(items);
  }

  /** Checks a value like any other, and keeps its exact text. */
  private JsonValue opaque(JsonParser parser, @Nullable JsonToken token) {
    int begin = (int) parser.currentTokenLocation().getCharOffset();
    JsonValue value = value(parser, token);
    if (value instanceof JsonValue.Digits digits) {
      return new JsonValue.Opaque(digits.source());
    }
    parser.finishToken();
    int end = (int) parser.currentLocation().getCharOffset();
    return new JsonValue.Opaque(source.substring(begin, end));
  }

  private void descend() {
    if (++depth > shape.maxDepth()) {
      throw new TooDeep(pointer());
    }
  }

  private int push(String token) {
    int length = pointer.length();
    pointer.append('/').append(Shown.of(token, 100).replace("~", "~0").replace("/", "~1"));
    return length;
  }

  private String checked(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        faults.add(pointer(), "must not contain U+0000");
        return text;
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(++i))) {
          faults.add(pointer(), "must not contain a lone surrogate");
          return text;
        }
      }
    }
    return text;
  }

  private JsonValue number(String text) {
    int exponentAt = Math.max(text.indexOf('e'), text.indexOf('E'));
    String mantissa = exponentAt < 0 ? text : text.substring(0, exponentAt);
    if (digits(mantissa) > StrictJson.MAX_DIGITS) {
      faults.add(pointer(), "must have at most " + StrictJson.MAX_DIGITS + " digits");
    }
    if (exponentAt >= 0 && !isSmall(text.substring(exponentAt + 1))) {
      faults.add(pointer(), "must have an exponent of at most ±" + StrictJson.MAX_EXPONENT);
    }
    return new JsonValue.Digits(text);
  }

  private static long digits(String mantissa) {
    return mantissa.chars().filter(c -> c >= '0' && c <= '9').count();
  }

  private static boolean isSmall(String exponent) {
    String plain = exponent.replaceFirst("^[+-]?0*", "");
    return plain.length() <= 3
        && (plain.isEmpty() || Integer.parseInt(plain) <= StrictJson.MAX_EXPONENT);
  }

  /** Ends the reading at once: what is below may be without end. */
  static final class TooDeep extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final String pointer;

    TooDeep(String pointer) {
      super(null, null, false, false);
      this.pointer = pointer;
    }
  }
}
