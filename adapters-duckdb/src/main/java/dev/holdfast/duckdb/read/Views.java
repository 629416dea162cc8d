package dev.holdfast.duckdb.read;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.ClaimRows;
import dev.holdfast.duckdb.row.EdgeRows;
import dev.holdfast.duckdb.row.EndRows;
import dev.holdfast.duckdb.row.Errors;
import dev.holdfast.duckdb.row.Lanes;
import dev.holdfast.duckdb.row.Nodes;
import dev.holdfast.duckdb.row.PlaceRows;
import dev.holdfast.duckdb.row.TaskRows;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say of some tasks, read in one snapshot: one statement for each table, however
 * many tasks they are.
 */
final class Views {

  private final Nodes nodes;
  private final boolean inFull;
  private final List<TaskRows.Stored> stored;
  private final Map<TaskId, PlaceRows.Row> places;
  private final Map<TaskId, List<RunEnd>> ends;
  private final Map<TaskId, List<Edge>> edges;
  private final Map<TaskId, Instant> expiries;
  private final Map<ClaimId, Instant> claims;

  /**
   * Reads.
   *
   * @param inFull with payloads, results and stack traces
   */
  Views(Handle handle, Lanes lanes, Nodes nodes, List<TaskId> tasks, boolean inFull) {
    this.nodes = nodes;
    this.inFull = inFull;
    stored = TaskRows.find(handle, tasks, lanes, inFull);
    places =
        PlaceRows.find(handle, tasks).stream().collect(toMap(PlaceRows.Row::task, place -> place));
    ends = EndRows.ofTasks(handle, tasks, inFull).stream().collect(groupingBy(RunEnd::task));
    edges = EdgeRows.upstream(handle, tasks).stream().collect(groupingBy(Edge::downstream));
    expiries = expiries(handle, tasks);
    claims = ClaimRows.instants(handle, lastClaims());
  }

  private static final String EXPIRIES = """
      SELECT task, expires_us
        FROM expiry
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static Map<TaskId, Instant> expiries(Handle handle, Collection<TaskId> tasks) {
    Map<TaskId, Instant> expiries = new HashMap<>();
    handle
        .createQuery(EXPIRIES)
        .bind("tasks", Columns.ids(tasks, task -> task))
        .map((row, context) -> Map.entry(Cells.task(row, "task"), Cells.instant(row, "expires_us")))
        .forEach(expiry -> expiries.put(expiry.getKey(), expiry.getValue()));
    return expiries;
  }

  private Set<ClaimId> lastClaims() {
    Set<ClaimId> claims = new HashSet<>();
    for (TaskRows.Stored task : stored) {
      LastHolder holder = holder(task.id());
      if (holder != null) {
        claims.add(holder.lease.claim());
      }
    }
    return claims;
  }

  /** The tasks that exist, by descending id. */
  List<TaskView> newestFirst() {
    return stored.stream()
        .sorted((a, b) -> b.id().compareTo(a.id()))
        .map(this::view)
        .toList();
  }

  PlaceRows.@Nullable Row place(TaskId task) {
    return places.get(task);
  }

  private TaskView view(TaskRows.Stored task) {
    PlaceRows.Row row = places.get(task.id());
    return row == null ? ended(task) : live(task, row.place());
  }

  private TaskView live(TaskRows.Stored task, Place place) {
    Held held = place instanceof Held one ? one : null;
    int attempt = place.run().attempt();
    return new TaskView(
        task.definition(),
        task.payload(),
        place.state(),
        held == null ? attempt - 1 : attempt,
        place.run().version(),
        lease(task.id()),
        held == null ? null : held.progress(),
        held != null && held.cancelReason() != null,
        place instanceof Place.Scheduled scheduled ? scheduled.dueAt() : null,
        expiresAt(task.definition()),
        held == null ? null : held.startedAt(),
        null,
        null,
        error(lastFailure(task.id())),
        edges.getOrDefault(task.id(), List.of()),
        null);
  }

  private TaskView ended(TaskRows.Stored task) {
    RunEnd end = terminal(task.id());
    return new TaskView(
        task.definition(),
        task.payload(),
        end.state(),
        end.lease() == null ? end.attempt() - 1 : end.attempt(),
        end.lastVersion(),
        lease(task.id()),
        null,
        false,
        null,
        expiresAt(task.definition()),
        end.start() == null ? null : end.start().at(),
        end.endedAt(),
        end.result(),
        error(end.error()),
        edges.getOrDefault(task.id(), List.of()),
        null);
  }

  private RunEnd terminal(TaskId task) {
    return endsOf(task).stream()
        .filter(RunEnd::terminal)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(task + " has neither a place nor an end"));
  }

  private List<RunEnd> endsOf(TaskId task) {
    return ends.getOrDefault(task, List.of());
  }

  private @Nullable TaskError lastFailure(TaskId task) {
    return endsOf(task).stream()
        .filter(end -> end.kind() == RunEnd.Kind.FAILED || end.kind() == RunEnd.Kind.LOST)
        .map(RunEnd::error)
        .findFirst()
        .orElse(null);
  }

  private @Nullable TaskError error(@Nullable TaskError error) {
    return inFull ? error : Errors.withoutTraces(error);
  }

  private @Nullable Instant expiresAt(TaskDefinition task) {
    Instant set = expiries.get(task.id());
    return set == null ? task.expiryFrom(task.createdAt()) : set;
  }

  private TaskView.@Nullable Lease lease(TaskId task) {
    LastHolder holder = holder(task);
    return holder == null
        ? null
        : new TaskView.Lease(
            Objects.requireNonNull(nodes.of(holder.lease.session())),
            holder.fence,
            Objects.requireNonNull(claims.get(holder.lease.claim())));
  }

  private record LastHolder(Place.Lease lease, int fence) {}

  private @Nullable LastHolder holder(TaskId task) {
    PlaceRows.Row row = places.get(task);
    if (row != null && row.place() instanceof Held held) {
      return new LastHolder(held.lease(), held.run().key().number());
    }
    for (RunEnd end : endsOf(task)) {
      if (end.lease() != null) {
        return new LastHolder(end.lease(), end.key().number());
      }
    }
    return null;
  }
}
