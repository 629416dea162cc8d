package dev.holdfast.duckdb.row;

import dev.holdfast.domain.value.TaskError;
import org.jspecify.annotations.Nullable;

/**
 * Errors of tasks as one text: each part with its length before it, so that nothing needs escaping;
 * the causes follow, outermost first.
 */
public final class Errors {

  private Errors() {}

  static @Nullable String write(@Nullable TaskError error) {
    if (error == null) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (TaskError next = error; next != null; next = next.cause()) {
      part(text, 't', next.type());
      part(text, 'm', next.message());
      if (next.stackTrace() != null) {
        part(text, 's', next.stackTrace());
      }
    }
    return text.toString();
  }

  private static void part(StringBuilder text, char kind, String part) {
    text.append(kind).append(part.length()).append(':').append(part);
  }

  static @Nullable TaskError read(@Nullable String text) {
    return text == null || text.isEmpty() ? null : new Reader(text).error();
  }

  /** The same without its stack traces. */
  public static @Nullable TaskError withoutTraces(@Nullable TaskError error) {
    return error == null
        ? null
        : new TaskError(error.type(), error.message(), null, withoutTraces(error.cause()));
  }

  private static final class Reader {

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    TaskError error() {
      String type = part();
      String message = part();
      String stackTrace = at < text.length() && text.charAt(at) == 's' ? part() : null;
      TaskError cause = at < text.length() ? error() : null;
      return new TaskError(type, message, stackTrace, cause);
    }

    private String part() {
      int colon = text.indexOf(':', at);
      int start = colon + 1;
      at = start + Integer.parseInt(text, at + 1, colon, 10);
      return text.substring(start, at);
    }
  }
}
