package dev.holdfast.http.web;

import dev.holdfast.http.problem.Problem;
import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request. Safe for concurrent use. */
public final class Router {

  private static final String ID = "{id}";

  private final List<Route> routes;

  /** Over these routes. */
  public Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /** All routes. */
  public List<Route> routes() {
    return routes;
  }

  /**
   * A route and what the path has for its variable.
   *
   * @param id empty when the route has no variable
   */
  public record Match(Route route, String id) {}

  /**
   * The route of a request.
   *
   * @throws ProblemException if there is none, or none for the method
   */
  public Match find(String method, String path) {
    List<Match> matches = new ArrayList<>();
    for (Route route : routes) {
      String id = match(route.template(), path);
      if (id != null) {
        matches.add(new Match(route, id));
      }
    }
    if (matches.stream().anyMatch(match -> match.id().isEmpty())) {
      // A path that is a resource of its own is not also the name of a task.
      matches.removeIf(match -> !match.id().isEmpty());
    }
    for (Match match : matches) {
      if (match.route().takes(method)) {
        return match;
      }
    }
    if (matches.isEmpty()) {
      throw new ProblemException(ProblemName.NOT_FOUND, "there is no such resource");
    }
    throw new ProblemException(notAllowed(matches));
  }

  private static Problem notAllowed(List<Match> matches) {
    TreeSet<String> methods = new TreeSet<>();
    for (Match match : matches) {
      methods.add(match.route().method());
      if (match.route().method().equals("GET")) {
        methods.add("HEAD");
      }
    }
    String allowed = String.join(", ", methods);
    return Problem.of(ProblemName.METHOD_NOT_ALLOWED, "this resource takes " + allowed)
        .withHeader("Allow", allowed);
  }

  /** What the path has for the variable; empty without one, null when it does not match. */
  private static @Nullable String match(String template, String path) {
    int variable = template.indexOf(ID);
    if (variable < 0) {
      return template.equals(path) ? "" : null;
    }
    String suffix = template.substring(variable + ID.length());
    if (path.length() <= variable + suffix.length()
        || !path.startsWith(template.substring(0, variable))
        || !path.endsWith(suffix)) {
      return null;
    }
    String id = path.substring(variable, path.length() - suffix.length());
    return id.indexOf('/') < 0 ? id : null;
  }
}
