package dev.holdfast.http.route;

import dev.holdfast.application.engine.Tasks;
import dev.holdfast.application.task.CancelAnswer;
import dev.holdfast.application.task.ReplayAnswer;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.value.Names;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.http.HttpLimits;
import dev.holdfast.http.json.Faults;
import dev.holdfast.http.json.Fields;
import dev.holdfast.http.json.JsonValue;
import dev.holdfast.http.json.Shape;
import dev.holdfast.http.json.StrictJson;
import dev.holdfast.http.problem.Problem;
import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;
import dev.holdfast.http.render.TaskJson;
import dev.holdfast.http.web.Answer;
import dev.holdfast.http.web.Request;
import dev.holdfast.http.web.Route;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cancels and replays. Safe for concurrent use. */
public final class ActionRoutes {

  private static final int MAX_REASON = 1000;

  private final Tasks tasks;
  private final TaskQueries queries;

  /** Over an engine's parts. */
  public ActionRoutes(Tasks tasks, TaskQueries queries) {
    this.tasks = tasks;
    this.queries = queries;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.post("/v1/tasks/{id}/cancel", this::cancel),
        Route.post("/v1/tasks/{id}/retry", this::retry));
  }

  private Answer cancel(Request request) {
    TaskId id = request.task();
    Faults faults = new Faults();
    Fields fields = fields(request, faults);
    String reason = fields.text("reason", ActionRoutes::reason);
    Boolean force = fields.flag("force");
    finish(fields, faults);
    return switch (tasks.cancel(id, reason == null ? "" : reason, force != null && force)) {
      case CancelAnswer.Cancelled ignored -> task(request, id, 200);
      case CancelAnswer.Asked ignored ->
        Answer.json(202, TaskJson.task(found(request, id).askedToStop()));
      case CancelAnswer.Ended ended ->
        throw illegal("a task that is " + ended.state().code() + " cannot become cancelled");
      case CancelAnswer.Unknown ignored -> throw request.noTask();
    };
  }

  private Answer retry(Request request) {
    TaskId id = request.task();
    Faults faults = new Faults();
    finish(fields(request, faults), faults);
    return switch (tasks.replay(id)) {
      case ReplayAnswer.Replayed ignored -> task(request, id, 200);
      case ReplayAnswer.NotReplayable not ->
        throw illegal("a task that is " + not.state().code()
            + " cannot become pending by a replay: only failed, cancelled and timed_out ones can");
      case ReplayAnswer.UpstreamBad bad ->
        throw illegal(
            "a task that is cancelled cannot become pending while its required dependency "
                + bad.upstream() + " is " + bad.state().code() + ": replay that one");
      case ReplayAnswer.Unknown ignored -> throw request.noTask();
    };
  }

  private Answer task(Request request, TaskId id, int status) {
    return Answer.json(status, TaskJson.task(found(request, id)));
  }

  private TaskView found(Request request, TaskId id) {
    return queries.find(id).orElseThrow(request::noTask);
  }

  private static String reason(String text) {
    if (text.length() > MAX_REASON) {
      throw new IllegalArgumentException(
          "must have at most " + MAX_REASON + " characters, got " + text.length());
    }
    return Names.storable("it", text);
  }

  /** The members of the content; none at all counts as an empty object. */
  private static Fields fields(Request request, Faults faults) {
    if (request.call().hasBody()) {
      byte[] body = request.call().body(HttpLimits.SINGLE_BYTES);
      if (body.length > 0) {
        MediaTypes.require(request.call(), Set.of(MediaTypes.JSON));
        JsonValue value = StrictJson.parse(body, Shape.PLAIN, faults);
        if (value != null) {
          return Fields.of(value, "", faults);
        }
      }
    }
    return new Fields(new JsonValue.Members(Map.of()), "", faults);
  }

  private static void finish(Fields fields, Faults faults) {
    fields.finish();
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.faults(faults.list()));
    }
  }

  private static ProblemException illegal(String detail) {
    return new ProblemException(ProblemName.ILLEGAL_TRANSITION, detail);
  }
}
