package dev.holdfast.http.web;

import dev.holdfast.http.json.Fault;
import dev.holdfast.http.json.Shown;
import dev.holdfast.http.problem.Problem;
import dev.holdfast.http.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The query parameters of one request. Collects every fault. Belongs to one thread. */
public final class Query {

  private static final Pattern INTEGER = Pattern.compile("\\d{1,9}");
  private static final int SHOWN_FAULTS = 50;

  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  private Query() {}

  /** Reads what follows the question mark; only {@code known} parameters may be there. */
  public static Query of(String raw, Set<String> known) {
    Query query = new Query();
    for (String part : raw.split("&", -1)) {
      if (!part.isEmpty()) {
        query.take(part, known);
      }
    }
    return query;
  }

  private void take(String part, Set<String> known) {
    int equals = part.indexOf('=');
    String name = decode(equals < 0 ? part : part.substring(0, equals));
    String value = decode(equals < 0 ? "" : part.substring(equals + 1));
    if (name == null || !known.contains(name)) {
      fault(name == null ? "?" : Shown.of(name), "is not a known query parameter");
    } else if (value == null) {
      fault(name, "is not percent-encoded UTF-8");
    } else if (values.put(name, value) != null) {
      fault(name, "is given twice");
    }
  }

  /** Whether the parameter is there. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** A text, read by a function whose {@link IllegalArgumentException} becomes the fault. */
  public <T> @Nullable T text(String name, Function<String, T> reader) {
    String value = values.get(name);
    if (value == null) {
      return null;
    }
    try {
      return reader.apply(value);
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      fault(name, message == null ? "is malformed" : message);
      return null;
    }
  }

  /** An integer within bounds, both included; {@code absent} when it is not there, or faulty. */
  public int integer(String name, int least, int most, int absent) {
    Integer value = text(name, text -> {
      int number = INTEGER.matcher(text).matches() ? Integer.parseInt(text) : -1;
      if (number < least || number > most) {
        throw new IllegalArgumentException("must be an integer " + least + ".." + most);
      }
      return number;
    });
    return value == null ? absent : value;
  }

  /** Notes a fault of a parameter. */
  public void fault(String name, String detail) {
    if (faults.size() < SHOWN_FAULTS) {
      faults.add(new Fault("/" + name.replace("~", "~0").replace("/", "~1"), detail));
    }
  }

  /** Ends the reading: throws the problem when there are faults. */
  public void check() {
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.faults(faults));
    }
  }

  private static @Nullable String decode(String text) {
    byte[] bytes = text.replace('+', ' ').getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        decoded.put(bytes[i]);
      } else {
        int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
        int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        decoded.put((byte) (high << 4 | low));
        i += 2;
      }
    }
    try {
      String result = StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
      return result.indexOf('\0') >= 0 ? null : result;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
