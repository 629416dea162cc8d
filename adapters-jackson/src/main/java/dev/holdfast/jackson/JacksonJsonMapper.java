package dev.holdfast.jackson;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.value.Json;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;

/**
 * The JSON port on Jackson: records, beans and collections, instants and durations as ISO-8601
 * texts. Safe for concurrent use.
 */
public final class JacksonJsonMapper implements JsonMapper {

  private final tools.jackson.databind.json.JsonMapper mapper;

  /** A mapper that refuses trailing content and repeated members. */
  public JacksonJsonMapper() {
    JsonFactory factory = JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
    this.mapper = tools.jackson.databind.json.JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  @Override
  public <T> T read(Json json, Class<T> type) {
    try {
      return mapper.readValue(json.text(), type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public Json write(@Nullable Object value) {
    try {
      return new Json(mapper.writeValueAsString(value));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public String canonical(Json json) {
    try (JsonParser parser = mapper.createParser(json.text())) {
      StringBuilder text = new StringBuilder(json.text().length());
      append(parser, parser.nextToken(), text);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("not JSON: content follows the document");
      }
      return text.toString();
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static void append(JsonParser parser, @Nullable JsonToken token, StringBuilder text) {
    if (token == null) {
      throw new IllegalArgumentException("not JSON: nothing there");
    }
    switch (token) {
      case START_OBJECT -> appendObject(parser, text);
      case START_ARRAY -> appendArray(parser, text);
      case VALUE_STRING -> appendString(parser.getString(), text);
      // The token's own text: a number must not pass through a double.
      default -> text.append(parser.getString());
    }
  }

  private static void appendObject(JsonParser parser, StringBuilder text) {
    Map<String, String> members = new TreeMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      StringBuilder value = new StringBuilder();
      append(parser, parser.nextToken(), value);
      members.put(name, value.toString());
    }
    text.append('{');
    String separator = "";
    for (Map.Entry<String, String> member : members.entrySet()) {
      text.append(separator);
      appendString(member.getKey(), text);
      text.append(':').append(member.getValue());
      separator = ",";
    }
    text.append('}');
  }

  private static void appendArray(JsonParser parser, StringBuilder text) {
    text.append('[');
    String separator = "";
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      text.append(separator);
      append(parser, token, text);
      separator = ",";
    }
    text.append(']');
  }

  private static void appendString(String value, StringBuilder text) {
    text.append('"')
        .append(JsonStringEncoder.getInstance().quoteAsCharArray(value))
        .append('"');
  }
}
