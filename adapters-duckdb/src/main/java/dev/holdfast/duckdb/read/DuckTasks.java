package dev.holdfast.duckdb.read;

import static java.util.stream.Collectors.toMap;

import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Readers;
import dev.holdfast.duckdb.row.EdgeRows;
import dev.holdfast.duckdb.row.EndRows;
import dev.holdfast.duckdb.row.Lanes;
import dev.holdfast.duckdb.row.Nodes;
import dev.holdfast.duckdb.row.PlaceRows;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads of tasks, each in one snapshot. */
public record DuckTasks(Readers readers, InstantSource clock, Lanes lanes, Nodes nodes)
    implements TaskQueries {

  @Override
  public Optional<TaskView> find(TaskId task) {
    return readers.read(handle -> {
      Views views = new Views(handle, lanes, nodes, List.of(task), true);
      return views.newestFirst().stream()
          .findFirst()
          .map(view -> withPosition(handle, view, views.place(task)));
    });
  }

  private static final String POSITION = """
      SELECT count(*)
        FROM (SELECT 1
                FROM ready
               WHERE lane = :lane
                 AND (priority < :priority
                      OR priority = :priority AND ord < :order
                      OR priority = :priority AND ord = :order AND task <= CAST(:task AS UUID))
               LIMIT :limit)
      """;

  private static TaskView withPosition(Handle handle, TaskView view, PlaceRows.@Nullable Row row) {
    if (row == null || !(row.place() instanceof Place.Ready)) {
      return view;
    }
    int position = handle
        .createQuery(POSITION)
        .bind("lane", row.seat().lane())
        .bind("priority", row.seat().priority())
        .bind("order", row.seat().order())
        .bind("task", row.task().toString())
        .bind("limit", TaskView.MAX_POSITION)
        .mapTo(Integer.class)
        .one();
    return new TaskView(
        view.definition(),
        view.payload(),
        view.state(),
        view.attempt(),
        view.version(),
        view.lease(),
        view.progress(),
        view.cancelRequested(),
        view.dueAt(),
        view.expiresAt(),
        view.startedAt(),
        view.finishedAt(),
        view.result(),
        view.error(),
        view.dependsOn(),
        position);
  }

  @Override
  public List<TaskView> list(TaskFilter filter, int limit) {
    return readers.read(handle -> {
      List<TaskId> tasks = new Listing(handle, lanes, filter, limit).tasks();
      return new Views(handle, lanes, nodes, tasks, false).newestFirst();
    });
  }

  @Override
  public List<Upstream> upstream(TaskId task) {
    return readers.read(handle -> {
      List<Edge> edges = EdgeRows.upstream(handle, List.of(task));
      List<TaskId> upstream = edges.stream().map(Edge::upstream).toList();
      Map<TaskId, TaskView> views = new Views(handle, lanes, nodes, upstream, true)
          .newestFirst().stream().collect(toMap(view -> view.definition().id(), view -> view));
      return edges.stream()
          .map(edge -> upstream(edge, Objects.requireNonNull(views.get(edge.upstream()))))
          .toList();
    });
  }

  private static Upstream upstream(Edge edge, TaskView view) {
    return new Upstream(
        edge.upstream(),
        view.definition().identity().ref(),
        edge.required(),
        view.state(),
        view.result());
  }

  @Override
  public List<Lane> lanesAfter(int number) {
    return readers.read(handle -> Lanes.after(handle, number));
  }

  @Override
  public Stats stats() {
    return readers.read(handle -> Counts.stats(handle, lanes, clock));
  }

  @Override
  public Map<TaskId, TaskState> states(List<TaskId> tasks) {
    Map<TaskId, TaskState> states = new HashMap<>();
    return tasks.isEmpty()
        ? states
        : readers.read(handle -> {
          EndRows.ofTasks(handle, tasks, false).stream()
              .filter(RunEnd::terminal)
              .forEach(end -> states.putIfAbsent(end.task(), end.state()));
          PlaceRows.find(handle, tasks)
              .forEach(row -> states.put(row.task(), row.place().state()));
          return states;
        });
  }
}
