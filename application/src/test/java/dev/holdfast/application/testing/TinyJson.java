package dev.holdfast.application.testing;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.value.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Knows just enough of JSON for tests: strings to map, and the order of members to ignore. */
public final class TinyJson implements JsonMapper {

  @Override
  public <T> T read(Json json, Class<T> type) {
    String text = json.text();
    if (!text.startsWith("\"")) {
      throw new IllegalArgumentException("not a text: " + text);
    }
    return type.cast(text.substring(1, text.length() - 1));
  }

  @Override
  public Json write(Object value) {
    return value == null ? Json.NULL : new Json("\"" + value + "\"");
  }

  @Override
  public String canonical(Json json) {
    return new Reader(json.text()).value();
  }

  private static final class Reader {

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    String value() {
      return switch (peek()) {
        case '{' -> object();
        case '[' -> array();
        case '"' -> string();
        default -> plain();
      };
    }

    private String object() {
      Map<String, String> members = new TreeMap<>();
      take('{');
      while (peek() != '}') {
        String name = string();
        take(':');
        members.put(name, value());
        skip(',');
      }
      take('}');
      return members.toString();
    }

    private String array() {
      List<String> elements = new ArrayList<>();
      take('[');
      while (peek() != ']') {
        elements.add(value());
        skip(',');
      }
      take(']');
      return elements.toString();
    }

    private String string() {
      int from = at;
      take('"');
      while (text.charAt(at) != '"') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      at++;
      return text.substring(from, at);
    }

    private String plain() {
      int from = at;
      while (at < text.length() && "{}[],:\" ".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(from, at);
    }

    private char peek() {
      while (text.charAt(at) == ' ') {
        at++;
      }
      return text.charAt(at);
    }

    private void skip(char c) {
      if (peek() == c) {
        at++;
        peek();
      }
    }

    private void take(char c) {
      if (peek() != c) {
        throw new IllegalArgumentException("expected " + c + " at " + at + " in " + text);
      }
      at++;
      if (at < text.length()) {
        peek();
      }
    }
  }
}
