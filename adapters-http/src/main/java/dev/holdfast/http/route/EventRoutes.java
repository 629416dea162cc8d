package dev.holdfast.http.route;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.http.json.Fault;
import dev.holdfast.http.problem.Problem;
import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;
import dev.holdfast.http.stream.EventFeed;
import dev.holdfast.http.stream.EventFilter;
import dev.holdfast.http.web.Answer;
import dev.holdfast.http.web.Request;
import dev.holdfast.http.web.Route;
import java.util.List;
import java.util.Map;

/** The event stream. Safe for concurrent use. */
public final class EventRoutes {

  private static final String FROM_START = "start";
  private static final String FROM_NOW = "now";

  private final EventLog log;
  private final EventFeed feed;

  /** Streams what {@code feed} has. */
  public EventRoutes(EventLog log, EventFeed feed) {
    this.log = log;
    this.feed = feed;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(Route.get("/v1/events", this::stream, "namespace", "type", "task", "from"));
  }

  private Answer stream(Request request) {
    EventFilter filter = Filters.events(request.query());
    String from = request.query().text("from", EventRoutes::from);
    request.query().check();
    EventPosition position = position(request, from == null ? FROM_NOW : from);
    Map<String, String> headers = Map.of("Content-Type", "text/event-stream; charset=utf-8");
    return request.call().method().equals("HEAD")
        ? new Answer.Full(200, headers, "")
        : new Answer.Streamed(200, headers, feed.open(position, filter));
  }

  private EventPosition position(Request request, String from) {
    List<String> last = request.call().header("Last-Event-ID");
    if (last.isEmpty()) {
      return from.equals(FROM_START) ? log.start() : log.head();
    }
    EventPosition position = parse(String.join(",", last).trim());
    if (!log.isKept(position)) {
      throw new ProblemException(
          ProblemName.POSITION_EXPIRED,
          "what followed this position is not kept any more; begin anew with from=start");
    }
    return position;
  }

  private static EventPosition parse(String text) {
    try {
      return EventPosition.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Problem.faults(
          List.of(new Fault("/Last-Event-ID", "must be the id of an event of this stream"))));
    }
  }

  private static String from(String text) {
    if (!text.equals(FROM_START) && !text.equals(FROM_NOW)) {
      throw new IllegalArgumentException("must be start or now");
    }
    return text;
  }
}
