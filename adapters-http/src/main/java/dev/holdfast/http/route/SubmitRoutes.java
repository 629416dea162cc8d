package dev.holdfast.http.route;

import dev.holdfast.application.engine.Tasks;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.http.HttpLimits;
import dev.holdfast.http.json.Fault;
import dev.holdfast.http.json.Shown;
import dev.holdfast.http.problem.Problem;
import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;
import dev.holdfast.http.problem.Problems;
import dev.holdfast.http.render.TaskJson;
import dev.holdfast.http.task.NewTaskDocument;
import dev.holdfast.http.task.NewTasks;
import dev.holdfast.http.web.Answer;
import dev.holdfast.http.web.Request;
import dev.holdfast.http.web.Route;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/** Takes new tasks. Safe for concurrent use. */
public final class SubmitRoutes {

  private final Tasks tasks;
  private final TaskQueries queries;

  /** Over an engine's parts. */
  public SubmitRoutes(Tasks tasks, TaskQueries queries) {
    this.tasks = tasks;
    this.queries = queries;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.post("/v1/tasks", this::single), Route.post("/v1/tasks/batch", this::batch));
  }

  private Answer single(Request request) {
    MediaTypes.require(request.call(), Set.of(MediaTypes.JSON));
    byte[] body = request.call().body(HttpLimits.SINGLE_BYTES);
    List<NewTask> read = read(NewTaskDocument.single(body));
    SubmitAnswer.Receipt receipt = submit(read, index -> "").getFirst();
    TaskId id = receipt.id();
    TaskView view = queries
        .find(id)
        .orElseThrow(() -> new ProblemException(
            ProblemName.NOT_FOUND, "task " + id + " was accepted, and removed by now"));
    return Answer.json(receipt.existing() ? 200 : 201, TaskJson.task(view))
        .with("Location", "/v1/tasks/" + id);
  }

  private Answer batch(Request request) {
    String type = MediaTypes.require(request.call(), Set.of(MediaTypes.JSON, MediaTypes.LINES));
    byte[] body = request.call().body(HttpLimits.BATCH_BYTES);
    NewTasks document = type.equals(MediaTypes.LINES)
        ? NewTaskDocument.lines(body, Tasks.MAX_BATCH)
        : NewTaskDocument.batch(body, Tasks.MAX_BATCH);
    return Answer.json(201, TaskJson.receipts(submit(read(document), index -> "/tasks/" + index)));
  }

  private static List<NewTask> read(NewTasks document) {
    return switch (document) {
      case NewTasks.Read read -> read.tasks();
      case NewTasks.Faulty faulty -> throw new ProblemException(Problem.faults(faulty.faults()));
      case NewTasks.TooLarge large ->
        throw new ProblemException(Problem.faults(ProblemName.PAYLOAD_TOO_LARGE, large.faults()));
    };
  }

  private List<SubmitAnswer.Receipt> submit(List<NewTask> batch, IntFunction<String> pointer) {
    return switch (tasks.submit(batch)) {
      case SubmitAnswer.Accepted accepted -> accepted.receipts();
      case SubmitAnswer.Invalid invalid ->
        throw new ProblemException(Problem.faults(invalid.faults().stream()
            .map(fault -> new Fault(pointer.apply(fault.index()) + fault.pointer(), fault.detail()))
            .toList()));
      case SubmitAnswer.Conflict conflict ->
        throw new ProblemException(Problem.faults(
            ProblemName.IDEMPOTENCY_CONFLICT,
            conflict.conflicts().stream().map(one -> fault(one, pointer)).toList()));
      case SubmitAnswer.Overloaded ignored ->
        throw new ProblemException(
            Problems.overloaded("too many submissions wait already; nothing was stored"));
    };
  }

  private static Fault fault(SubmitAnswer.KeyConflict conflict, IntFunction<String> pointer) {
    return new Fault(
        pointer.apply(conflict.index()) + "/idempotencyKey",
        "\"" + Shown.of(conflict.key()) + "\" is the key of task " + conflict.owner()
            + ", whose content differs");
  }
}
