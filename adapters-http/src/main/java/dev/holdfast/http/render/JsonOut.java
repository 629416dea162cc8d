package dev.holdfast.http.render;

import dev.holdfast.domain.value.Json;
import dev.holdfast.http.json.Scalars;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes one JSON object; members whose value is null are left out. Belongs to one thread. */
public final class JsonOut {

  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator generator;

  private JsonOut(JsonGenerator generator) {
    this.generator = generator;
  }

  /** The text of an object. */
  public static String object(Consumer<JsonOut> members) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      generator.writeStartObject();
      members.accept(new JsonOut(generator));
      generator.writeEndObject();
    }
    return text.toString();
  }

  /** A member, as the text that its value has. */
  public JsonOut text(String name, @Nullable Object value) {
    if (value != null) {
      generator.writeStringProperty(name, value.toString());
    }
    return this;
  }

  /** An integer member. */
  public JsonOut number(String name, @Nullable Long value) {
    if (value != null) {
      generator.writeNumberProperty(name, value.longValue());
    }
    return this;
  }

  /** An integer member. */
  public JsonOut number(String name, @Nullable Integer value) {
    return number(name, value == null ? null : Long.valueOf(value));
  }

  /** A decimal member. */
  public JsonOut decimal(String name, double value) {
    generator.writeNumberProperty(name, value);
    return this;
  }

  /** A boolean member. */
  public JsonOut flag(String name, boolean value) {
    generator.writeBooleanProperty(name, value);
    return this;
  }

  /** An instant, with six fractional digits. */
  public JsonOut instant(String name, @Nullable Instant value) {
    return text(name, value == null ? null : Scalars.text(value));
  }

  /** A duration, as ISO-8601 has it. */
  public JsonOut duration(String name, @Nullable Duration value) {
    return text(name, value == null ? null : Scalars.text(value));
  }

  /** A document, as it is. */
  public JsonOut raw(String name, @Nullable Json value) {
    if (value != null) {
      generator.writeName(name);
      generator.writeRawValue(value.text());
    }
    return this;
  }

  /** An object, unless {@code source} is null. */
  public <T> JsonOut object(String name, @Nullable T source, BiConsumer<JsonOut, T> members) {
    if (source != null) {
      generator.writeName(name);
      generator.writeStartObject();
      members.accept(this, source);
      generator.writeEndObject();
    }
    return this;
  }

  /** An array of objects. */
  public <T> JsonOut objects(String name, Iterable<T> items, BiConsumer<JsonOut, T> members) {
    generator.writeName(name);
    generator.writeStartArray();
    for (T item : items) {
      generator.writeStartObject();
      members.accept(this, item);
      generator.writeEndObject();
    }
    generator.writeEndArray();
    return this;
  }

  /** An array of the texts that the items have, unless it is null. */
  public JsonOut texts(String name, @Nullable Iterable<?> items) {
    if (items != null) {
      generator.writeName(name);
      generator.writeStartArray();
      items.forEach(item -> generator.writeString(item.toString()));
      generator.writeEndArray();
    }
    return this;
  }

  /** A value whose type is only known when it is there: text, number, boolean, instant, map. */
  public JsonOut any(String name, Object value) {
    switch (value) {
      case Instant instant -> instant(name, instant);
      case Duration duration -> duration(name, duration);
      case Double number -> generator.writeNumberProperty(name, number);
      case Number number -> generator.writeNumberProperty(name, number.longValue());
      case Boolean flag -> generator.writeBooleanProperty(name, flag);
      case Map<?, ?> map -> object(name, map, JsonOut::entries);
      default -> text(name, value);
    }
    return this;
  }

  /** Every entry of a map, as a member. */
  public void entries(Map<?, ?> map) {
    map.forEach((key, value) -> any(key.toString(), value));
  }
}
