package dev.holdfast.benchmarks.engine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run was asked for: {@code SCENARIO N [key=value …]}.
 *
 * @param scenario its name
 * @param count how many tasks
 * @param options the rest, in the order of their names
 */
record Arguments(String scenario, int count, Map<String, String> options) {

  static Arguments of(List<String> words) {
    if (words.size() < 2) {
      throw new IllegalArgumentException(
          "usage: bench drain|enqueue|latency|inflight N [key=value ...]");
    }
    Map<String, String> options = new TreeMap<>();
    for (String word : words.subList(2, words.size())) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("expected key=value, got " + word);
      }
      options.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return new Arguments(words.get(0), Integer.parseInt(words.get(1)), options);
  }

  int number(String key, int otherwise) {
    String value = options.get(key);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  boolean flag(String key) {
    return number(key, 0) != 0;
  }

  /** The options as they were given. */
  String text() {
    return options.entrySet().stream()
        .map(option -> option.getKey() + "=" + option.getValue())
        .collect(Collectors.joining(" "));
  }
}
