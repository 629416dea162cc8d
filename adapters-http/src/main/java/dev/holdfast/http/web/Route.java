package dev.holdfast.http.web;

import java.util.Set;

/**
 * One route.
 *
 * @param method GET (which stands for HEAD too) or POST
 * @param template the path, with {@code {id}} for a task
 * @param kind what must hold for it to be taken
 * @param parameters the query parameters it knows
 */
public record Route(
    String method, String template, Kind kind, Set<String> parameters, Action action) {

  public Route {
    parameters = Set.copyOf(parameters);
  }

  /** What must hold for a request to be taken. */
  public enum Kind {
    /** Nothing: it tells how the server is. */
    OPERATION,
    /** The server is not stopping. */
    READ,
    /** The server is not stopping, and this node takes writes. */
    WRITE
  }

  /** Answers requests. */
  @FunctionalInterface
  public interface Action {

    /** Answers one request, or throws what the problem is. */
    Answer answer(Request request);
  }

  /** A route that reads. */
  public static Route get(String template, Action action, String... parameters) {
    return new Route("GET", template, Kind.READ, Set.of(parameters), action);
  }

  /** A route that writes. */
  public static Route post(String template, Action action) {
    return new Route("POST", template, Kind.WRITE, Set.of(), action);
  }

  /** A route that tells how the server is. */
  public static Route operation(String template, Action action) {
    return new Route("GET", template, Kind.OPERATION, Set.of(), action);
  }

  /** Whether it takes this method. */
  boolean takes(String sent) {
    return method.equals(sent) || (method.equals("GET") && sent.equals("HEAD"));
  }
}
