package dev.holdfast.bootstrap.handlers.process;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.bootstrap.handlers.Payload;
import dev.holdfast.domain.value.Json;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a payload asks to run.
 *
 * @param words the program and its arguments, at least one
 * @param directory to run in; null for the server's own
 * @param environment beside PATH, LANG and TMPDIR
 */
record Command(
    List<String> words, @Nullable Path directory, Map<String, String> environment, Input input) {

  /** What a program reads from its standard input. */
  sealed interface Input {

    /** A text, which may be empty. */
    record Text(String text) implements Input {}

    /** The results of the task's dependencies. */
    record OfDependencies() implements Input {}
  }

  private static final Set<String> MEMBERS = Set.of("command", "directory", "environment", "stdin");

  /** Reads a payload; every fault is named in one failure, which is not retried. */
  static Command of(JsonMapper mapper, Json json) {
    var payload = new Payload(mapper, json, MEMBERS);
    List<String> words = words(payload);
    Path directory = directory(payload).orElse(null);
    Map<String, String> environment = environment(payload);
    Input input = input(payload);
    payload.requireNoFaults();
    return new Command(words, directory, environment, input);
  }

  private static List<String> words(Payload payload) {
    if (!payload.has("command")) {
      payload.fault("/command", "is required");
    }
    List<String> words = payload.texts("command").orElse(List.of("-"));
    if (words.isEmpty() || words.get(0).isEmpty()) {
      payload.fault("/command", "must begin with the name of a program");
    }
    if (words.stream().anyMatch(Command::hasNul)) {
      payload.fault("/command", "must not contain U+0000");
    }
    return words;
  }

  private static Optional<Path> directory(Payload payload) {
    return payload.text("directory").flatMap(text -> {
      try {
        Path path = Path.of(text);
        if (path.isAbsolute() && Files.isDirectory(path)) {
          return Optional.of(path);
        }
      } catch (InvalidPathException e) {
        // Reported below like every other text that names no directory.
      }
      payload.fault("/directory", "must be the absolute path of a directory");
      return Optional.empty();
    });
  }

  private static Map<String, String> environment(Payload payload) {
    Map<String, String> variables = payload.textMap("environment").orElse(Map.of());
    variables.forEach((name, value) -> {
      if (name.isEmpty() || name.indexOf('=') >= 0 || hasNul(name) || hasNul(value)) {
        payload.fault("/environment", "must have names without = and no U+0000");
      }
    });
    return variables;
  }

  private static Input input(Payload payload) {
    if (payload.is("stdin", Map.of("results", true))) {
      return new Input.OfDependencies();
    }
    if (!payload.has("stdin") || payload.isText("stdin")) {
      return new Input.Text(payload.text("stdin").orElse(""));
    }
    payload.fault("/stdin", "must be a text or {\"results\": true}");
    return new Input.Text("");
  }

  private static boolean hasNul(String text) {
    return text.indexOf('\0') >= 0;
  }
}
