package dev.holdfast.http.web;

import dev.holdfast.http.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is sent back. */
public sealed interface Answer {

  /** The status code. */
  int status();

  /** Header fields by name, the media type among them. */
  Map<String, String> headers();

  /** The same with a further header field. */
  Answer with(String field, String value);

  /** An answer whose content is at hand. */
  record Full(int status, Map<String, String> headers, String body) implements Answer {

    public Full {
      headers = Map.copyOf(headers);
    }

    @Override
    public Full with(String field, String value) {
      return new Full(status, added(headers, field, value), body);
    }
  }

  /** An answer whose content is written as it comes about. */
  record Streamed(int status, Map<String, String> headers, Body body) implements Answer {

    public Streamed {
      headers = Map.copyOf(headers);
    }

    @Override
    public Streamed with(String field, String value) {
      return new Streamed(status, added(headers, field, value), body);
    }
  }

  /** Writes the content of an answer, and returns when it is complete. */
  @FunctionalInterface
  interface Body {

    /** Writes to {@code out}, and flushes what the client shall see. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** A text of a media type. */
  static Answer of(int status, String mediaType, String text) {
    return new Full(status, Map.of("Content-Type", mediaType), text);
  }

  /** A JSON document. */
  static Answer json(int status, String text) {
    return of(status, "application/json", text);
  }

  /** A problem document. */
  static Answer of(Problem problem) {
    Answer answer = of(problem.status(), Problem.MEDIA_TYPE, problem.json());
    for (Map.Entry<String, String> field : problem.headers().entrySet()) {
      answer = answer.with(field.getKey(), field.getValue());
    }
    return answer;
  }

  private static Map<String, String> added(
      Map<String, String> headers, String field, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(field, value);
    return more;
  }
}
