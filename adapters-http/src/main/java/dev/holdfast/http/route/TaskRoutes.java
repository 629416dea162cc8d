package dev.holdfast.http.route;

import dev.holdfast.application.engine.Tasks;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.http.render.EventJson;
import dev.holdfast.http.render.TaskJson;
import dev.holdfast.http.web.Answer;
import dev.holdfast.http.web.Prefer;
import dev.holdfast.http.web.Query;
import dev.holdfast.http.web.Request;
import dev.holdfast.http.web.Route;
import dev.holdfast.http.web.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Shows tasks. Safe for concurrent use. */
public final class TaskRoutes {

  private static final int MAX_TASKS = 500;
  private static final int DEFAULT_TASKS = 50;
  private static final int MAX_EVENTS = 1000;

  private final Tasks tasks;
  private final TaskQueries queries;
  private final EventLog log;
  private final Waits waits;

  /** Over an engine's parts. */
  public TaskRoutes(Tasks tasks, TaskQueries queries, EventLog log, Waits waits) {
    this.tasks = tasks;
    this.queries = queries;
    this.log = log;
    this.waits = waits;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.get(
            "/v1/tasks",
            this::list,
            "namespace",
            "state",
            "type",
            "queue",
            "parent",
            "tag",
            "limit",
            "cursor"),
        Route.get("/v1/tasks/{id}", this::one),
        Route.get("/v1/tasks/{id}/events", this::events, "after", "limit"),
        Route.get("/v1/tasks/{id}/placement", this::placement));
  }

  private Answer one(Request request) {
    TaskId id = request.task();
    OptionalInt wait = Prefer.waitSeconds(request.call().header("Prefer"));
    Optional<TaskView> found =
        wait.isPresent() ? await(id, Duration.ofSeconds(wait.getAsInt())) : queries.find(id);
    Answer answer = Answer.json(200, TaskJson.task(found.orElseThrow(request::noTask)));
    return wait.isPresent() ? answer.with("Preference-Applied", "wait=" + wait.getAsInt()) : answer;
  }

  private Optional<TaskView> await(TaskId id, Duration patience) {
    try {
      return waits.run(() -> tasks.await(id, patience));
    } catch (InterruptedException e) {
      // The server stops: the task as it is now is all there will be.
      return queries.find(id);
    }
  }

  private Answer list(Request request) {
    Query query = request.query();
    TaskFilter filter = Filters.tasks(query);
    int limit = query.integer("limit", 1, MAX_TASKS, DEFAULT_TASKS);
    query.check();
    List<TaskView> items = queries.list(filter, limit + 1);
    if (items.size() <= limit) {
      return Answer.json(200, TaskJson.page(items, null));
    }
    List<TaskView> page = items.subList(0, limit);
    return Answer.json(200, TaskJson.page(page, page.getLast().definition().id()));
  }

  private Answer events(Request request) {
    TaskId id = request.task();
    int after = request.query().integer("after", 0, 999_999_999, 0);
    int limit = request.query().integer("limit", 1, MAX_EVENTS, MAX_EVENTS);
    request.query().check();
    List<TaskEvent> items = log.ofTask(id, after, limit + 1);
    if (items.isEmpty() && queries.states(List.of(id)).isEmpty()) {
      throw request.noTask();
    }
    if (items.size() <= limit) {
      return Answer.json(200, EventJson.page(items, null));
    }
    List<TaskEvent> page = items.subList(0, limit);
    return Answer.json(200, EventJson.page(page, page.getLast().version()));
  }

  private Answer placement(Request request) {
    return Answer.json(
        200, TaskJson.placement(tasks.explain(request.task()).orElseThrow(request::noTask)));
  }
}
