package dev.holdfast.benchmarks.engine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run was asked for: {@code [setting=value …] SCENARIO N [key=value …]}.
 *
 * @param settings of the engine: the same for every scenario of one name in a comparison
 * @param scenario its name
 * @param count how many tasks
 * @param parameters of the scenario, in the order of their names
 */
record Arguments(
    Map<String, String> settings, String scenario, int count, Map<String, String> parameters) {

  private static final String USAGE =
      "usage: bench [setting=value ...] drain|enqueue|latency|inflight N [key=value ...]";

  static Arguments of(List<String> words) {
    int first = 0;
    while (first < words.size() && words.get(first).contains("=")) {
      first++;
    }
    if (words.size() < first + 2) {
      throw new IllegalArgumentException(USAGE);
    }
    return new Arguments(
        pairs(words.subList(0, first)),
        words.get(first),
        Integer.parseInt(words.get(first + 1)),
        pairs(words.subList(first + 2, words.size())));
  }

  private static Map<String, String> pairs(List<String> words) {
    Map<String, String> pairs = new TreeMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("expected key=value, got " + word + "\n" + USAGE);
      }
      pairs.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return pairs;
  }

  int number(String key, int otherwise) {
    String value = parameters.getOrDefault(key, settings.get(key));
    return value == null ? otherwise : Integer.parseInt(value);
  }

  boolean flag(String key) {
    return number(key, 0) != 0;
  }

  /** The name in a comparison. */
  String name() {
    return settings.getOrDefault("as", "holdfast");
  }

  /** The parameters as they were given. */
  String text() {
    return parameters.entrySet().stream()
        .map(option -> option.getKey() + "=" + option.getValue())
        .collect(Collectors.joining(" "));
  }
}
