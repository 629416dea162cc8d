package dev.holdfast.http.wire;

import dev.holdfast.http.problem.Problem;
import dev.holdfast.http.problem.ProblemName;
import dev.holdfast.http.problem.Problems;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Problem documents for what fails before, or outside of, any route. */
final class EarlyProblems implements DirectHandler {

  private static final String HEADER_TOO_LARGE = "Header size exceeded";

  private final Problems problems;

  private EarlyProblems(Problems problems) {
    this.problems = problems;
  }

  /** For every kind of early failure. */
  static DirectHandlers handlers(Problems problems) {
    EarlyProblems handler = new EarlyProblems(problems);
    DirectHandlers.Builder builder = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      builder.addHandler(type, handler);
    }
    return builder.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      @Nullable String message) {
    // Some bytes make the parser fail in ways that it did not foresee.
    boolean parsing = Guard.current().failedWhileParsing();
    Problem problem = type == EventType.INTERNAL_ERROR && !parsing
        ? problems.of(new IllegalStateException("the server failed outside of a route: " + message))
        : problem(status, message);
    headers.set(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE);
    problem.headers().forEach((name, value) -> headers.set(HeaderNames.create(name), value));
    return TransportResponse.builder()
        .status(Status.create(problem.status()))
        .headers(headers)
        .keepAlive(false)
        .entity(problem.json().getBytes(StandardCharsets.UTF_8))
        .build();
  }

  /** What a refusal of the server means. Whatever the client caused is the client's: 4xx. */
  static Problem problem(Status status, @Nullable String message) {
    if (HEADER_TOO_LARGE.equals(message)) {
      return Problem.of(ProblemName.HEADERS_TOO_LARGE, "the header must have at most 16 KiB");
    }
    return switch (status.code()) {
      case 408 ->
        Problem.of(ProblemName.VALIDATION, "the request took too long to arrive")
            .withStatus(408);
      case 413 -> Problem.of(ProblemName.PAYLOAD_TOO_LARGE, "the content is too large");
      case 414 ->
        Problem.of(ProblemName.HEADERS_TOO_LARGE, "the request's target is too long")
            .withStatus(414);
      case 431 -> Problem.of(ProblemName.HEADERS_TOO_LARGE, "the header is too large");
      case 503 -> Problems.overloaded("too many requests at once");
      default -> Problem.of(ProblemName.VALIDATION, "the request is not well-formed HTTP/1.1");
    };
  }
}
