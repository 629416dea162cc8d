package dev.holdfast.bootstrap.handlers;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.domain.value.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the members of a payload and collects what does not fit, so that a submitter learns every
 * fault at once. Belongs to one thread.
 */
public final class Payload {

  /** The error type of a payload that does not fit; such an attempt is never retried. */
  public static final String INVALID = "invalid_payload";

  private final Map<String, Object> members = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  /** Reads a payload that has to be an object with no other members than these. */
  public Payload(JsonMapper mapper, Json payload, Set<String> known) {
    if (mapper.read(payload, Object.class) instanceof Map<?, ?> object) {
      object.forEach((name, value) -> members.put(String.valueOf(name), value));
      members.keySet().stream()
          .filter(name -> !known.contains(name))
          .forEach(name -> fault("/" + name, "is no member that this type knows"));
    } else {
      fault("", "must be an object");
    }
  }

  /** Notes a fault below a JSON pointer. */
  public void fault(String pointer, String detail) {
    faults.add((pointer.isEmpty() ? "the payload" : pointer) + " " + detail);
  }

  /** Whether the member is there. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** A whole number within bounds; a fault, and empty, when it is there and something else. */
  public Optional<Long> wholeNumber(String name, long least, long most) {
    Object value = members.get(name);
    boolean whole = value instanceof Integer || value instanceof Long;
    if (whole && value instanceof Number n && n.longValue() >= least && n.longValue() <= most) {
      return Optional.of(n.longValue());
    }
    return faultUnlessAbsent(name, "must be a whole number from " + least + " to " + most);
  }

  /** A text; a fault, and empty, when it is there and something else. */
  public Optional<String> text(String name) {
    if (members.get(name) instanceof String text) {
      return Optional.of(text);
    }
    return faultUnlessAbsent(name, "must be a text");
  }

  /** A list of texts; a fault, and empty, when it is there and something else. */
  public Optional<List<String>> texts(String name) {
    if (members.get(name) instanceof List<?> list
        && list.stream().allMatch(String.class::isInstance)) {
      return Optional.of(list.stream().map(String.class::cast).toList());
    }
    return faultUnlessAbsent(name, "must be a list of texts");
  }

  /** An object whose members are texts; a fault, and empty, when it is there and something else. */
  public Optional<Map<String, String>> textMap(String name) {
    if (members.get(name) instanceof Map<?, ?> map
        && map.values().stream().allMatch(String.class::isInstance)) {
      var texts = new LinkedHashMap<String, String>();
      map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
      return Optional.of(texts);
    }
    return faultUnlessAbsent(name, "must be an object with texts");
  }

  /** Whether the member is a text. */
  public boolean isText(String name) {
    return members.get(name) instanceof String;
  }

  /** Whether the member is exactly this. */
  public boolean is(String name, Object value) {
    return value.equals(members.get(name));
  }

  /**
   * Ends the reading.
   *
   * @throws TaskFailure with every fault, if there is one; it is not retried
   */
  public void requireNoFaults() {
    if (!faults.isEmpty()) {
      throw TaskFailure.fatal(INVALID, String.join("; ", faults));
    }
  }

  private <T> Optional<T> faultUnlessAbsent(String name, String detail) {
    if (has(name)) {
      fault("/" + name, detail);
    }
    return Optional.empty();
  }
}
