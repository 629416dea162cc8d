package dev.holdfast.http.json;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the members of one object, and knows at the end which ones nobody asked for. Every method
 * returns null when the member is absent or faulty; the fault is noted then. Belongs to one thread.
 */
public final class Fields {

  private static final Pattern INTEGER = Pattern.compile("-?\\d{1,9}");

  private final Map<String, JsonValue> members;
  private final String pointer;
  private final Faults faults;
  private final Set<String> asked = new HashSet<>();

  /** The members of {@code object}, which stands at {@code pointer}. */
  public Fields(JsonValue.Members object, String pointer, Faults faults) {
    this.members = object.members();
    this.pointer = pointer;
    this.faults = faults;
  }

  /** The members of a document that must be an object; none when it is not. */
  public static Fields of(JsonValue value, String pointer, Faults faults) {
    if (value instanceof JsonValue.Members object) {
      return new Fields(object, pointer, faults);
    }
    faults.add(pointer, "must be an object, got " + value.kind());
    return new Fields(new JsonValue.Members(Map.of()), pointer, faults);
  }

  /** Whether the member is there. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** Notes a fault of a member. */
  public void fault(String name, String detail) {
    faults.add(at(name), detail);
  }

  /** The pointer of a member. */
  public String at(String name) {
    return pointer + '/' + Shown.of(name).replace("~", "~0").replace("/", "~1");
  }

  /** A string. */
  public @Nullable String text(String name) {
    return text(name, Function.identity());
  }

  /** A string, read by a function whose {@link IllegalArgumentException} becomes the fault. */
  public <T> @Nullable T text(String name, Function<String, T> reader) {
    JsonValue.Text value = take(name, JsonValue.Text.class, "a string");
    return value == null ? null : read(at(name), value.value(), reader);
  }

  /** Applies a reader to a text at a place. */
  public <T> @Nullable T read(String at, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      faults.add(at, message == null ? "is malformed" : message);
      return null;
    }
  }

  /** An integer literal within bounds, both included. */
  public @Nullable Integer integer(String name, int least, int most) {
    JsonValue.Digits value = take(name, JsonValue.Digits.class, "an integer");
    if (value == null) {
      return null;
    }
    if (!INTEGER.matcher(value.source()).matches()) {
      fault(
          name,
          "must be an integer literal " + least + ".." + most + ", got "
              + Shown.of(value.source()));
      return null;
    }
    int number = Integer.parseInt(value.source());
    if (number < least || number > most) {
      fault(name, "must be " + least + ".." + most + ", got " + number);
      return null;
    }
    return number;
  }

  /** A number within bounds, both included. */
  public @Nullable Double decimal(String name, double least, double most) {
    JsonValue.Digits value = take(name, JsonValue.Digits.class, "a number");
    if (value == null) {
      return null;
    }
    double number = Double.parseDouble(value.source());
    if (!(number >= least && number <= most)) {
      fault(
          name,
          "must be " + (long) least + ".." + (long) most + ", got " + Shown.of(value.source()));
      return null;
    }
    return number;
  }

  /** A boolean. */
  public @Nullable Boolean flag(String name) {
    JsonValue.Flag value = take(name, JsonValue.Flag.class, "a boolean");
    return value == null ? null : value.value();
  }

  /** An object. */
  public @Nullable Fields object(String name) {
    JsonValue.Members value = take(name, JsonValue.Members.class, "an object");
    return value == null ? null : new Fields(value, at(name), faults);
  }

  /** All members of the object, for one whose names are free. */
  public Map<String, JsonValue> all() {
    asked.addAll(members.keySet());
    return members;
  }

  /** An array of at most so many items. */
  public @Nullable List<JsonValue> array(String name, int most) {
    JsonValue.Items value = take(name, JsonValue.Items.class, "an array");
    if (value == null) {
      return null;
    }
    if (value.items().size() > most) {
      fault(name, "must have at most " + most + " items, got " + value.items().size());
      return null;
    }
    return value.items();
  }

  /** An array of strings, each read by a function. */
  public <T> @Nullable List<T> texts(String name, int most, Function<String, T> reader) {
    List<JsonValue> items = array(name, most);
    if (items == null) {
      return null;
    }
    Set<T> texts = new LinkedHashSet<>();
    for (int i = 0; i < items.size(); i++) {
      String at = at(name) + '/' + i;
      if (items.get(i) instanceof JsonValue.Text text) {
        T read = read(at, text.value(), reader);
        if (read != null) {
          texts.add(read);
        }
      } else {
        faults.add(at, "must be a string, got " + items.get(i).kind());
      }
    }
    return List.copyOf(texts);
  }

  /** A member that is kept as it was written. */
  public @Nullable String opaque(String name) {
    JsonValue.Opaque value = take(name, JsonValue.Opaque.class, "any value");
    return value == null ? null : value.source();
  }

  /** Notes every member that nobody asked for. */
  public void finish() {
    for (String name : members.keySet()) {
      if (!asked.contains(name)) {
        fault(name, "is not a known member");
      }
    }
  }

  private <V extends JsonValue> @Nullable V take(String name, Class<V> kind, String wanted) {
    asked.add(name);
    JsonValue value = members.get(name);
    if (value == null) {
      return null;
    }
    if (kind.isInstance(value)) {
      return kind.cast(value);
    }
    fault(name, "must be " + wanted + ", got " + value.kind());
    return null;
  }
}
