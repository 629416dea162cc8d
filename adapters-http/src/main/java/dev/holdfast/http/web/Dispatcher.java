package dev.holdfast.http.web;

import dev.holdfast.http.HttpLimits;
import dev.holdfast.http.WriteGate;
import dev.holdfast.http.problem.Problem;
import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;
import dev.holdfast.http.problem.Problems;

/** Answers every request: checks it, finds its route, acts. Safe for concurrent use. */
public final class Dispatcher {

  private static final String NO_ROUTE = "none";

  private final Router router;
  private final HostRule hosts;
  private final WriteGate gate;
  private final Problems problems;
  private final Waits waits;

  /** Over these routes; {@code waits} tells when the server stops. */
  public Dispatcher(Router router, HostRule hosts, WriteGate gate, Problems problems, Waits waits) {
    this.router = router;
    this.hosts = hosts;
    this.gate = gate;
    this.problems = problems;
    this.waits = waits;
  }

  /**
   * An answer and the template of the route that gave it.
   *
   * @param route of low cardinality: {@value #NO_ROUTE} when there was none
   */
  public record Outcome(Answer answer, String route) {}

  /**
   * Answers one request; every failure has become a problem document.
   *
   * @throws ClientGone if there is nobody to answer
   */
  public Outcome answer(Call call) {
    String route = NO_ROUTE;
    try {
      checkSize(call);
      hosts.check(call);
      Router.Match match = router.find(call.method(), call.path());
      route = match.route().template();
      return new Outcome(act(match, call), route);
    } catch (ClientGone e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      return new Outcome(Answer.of(problems.of(e)), route);
    }
  }

  private Answer act(Router.Match match, Call call) {
    Route route = match.route();
    if (route.kind() != Route.Kind.OPERATION && waits.isStopped()) {
      throw new ProblemException(Problems.overloaded("this server is stopping"));
    }
    Query query = Query.of(call.query(), route.parameters());
    if (route.parameters().isEmpty()) {
      query.check();
    }
    if (route.kind() == Route.Kind.WRITE) {
      checkGate();
    }
    return route.action().answer(new Request(call, match.id(), query));
  }

  private void checkGate() {
    if (gate.look() instanceof WriteGate.Closed closed) {
      WriteGate.Leader leader = closed.leader();
      Problem problem = Problem.of(
              ProblemName.NOT_LEADER,
              leader == null
                  ? "there is no leader now"
                  : "the leader takes writes: " + leader.node())
          .withHeader("Retry-After", "1");
      if (leader != null) {
        problem = problem.with("leader", leader.node().value());
      }
      if (leader != null && !leader.address().isEmpty()) {
        problem = problem.with("leaderAddress", leader.address());
      }
      throw new ProblemException(problem);
    }
  }

  private static void checkSize(Call call) {
    if (call.path().length() + call.query().length() + 1 > HttpLimits.URI_BYTES) {
      throw new ProblemException(
          Problem.of(ProblemName.HEADERS_TOO_LARGE, "the request's target is too long")
              .withStatus(414));
    }
    if (call.headerCount() > HttpLimits.HEADER_FIELDS) {
      throw new ProblemException(
          ProblemName.HEADERS_TOO_LARGE,
          "at most " + HttpLimits.HEADER_FIELDS + " header fields are taken");
    }
  }
}
