package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.data.FactBook;
import dev.holdfast.testkit.memory.data.TaskBook;
import dev.holdfast.testkit.memory.data.World;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts together what there is to say of a task. */
record TaskViews(World world) {

  private static final Set<RunEnd.Kind> FAILURES = EnumSet.of(RunEnd.Kind.FAILED, RunEnd.Kind.LOST);

  TaskState state(TaskBook.Row row) {
    TaskId task = row.definition().id();
    Place place = world.places().find(task);
    return place == null ? terminal(task).state() : place.state();
  }

  TaskView full(TaskBook.Row row) {
    Place place = world.places().find(row.definition().id());
    return place == null ? ended(row, row.payload(), true) : live(row, row.payload(), place);
  }

  /** Without payload, result, stack traces and queue position. */
  TaskView brief(TaskBook.Row row) {
    Place place = world.places().find(row.definition().id());
    TaskView view = place == null ? ended(row, null, false) : live(row, null, place);
    return new TaskView(
        view.definition(),
        null,
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
        null,
        withoutTraces(view.error()),
        view.dependsOn(),
        null);
  }

  private TaskView live(TaskBook.Row row, @Nullable Json payload, Place place) {
    TaskId task = row.definition().id();
    Held held = place instanceof Held one ? one : null;
    int attempt = place.run().attempt();
    return new TaskView(
        row.definition(),
        payload,
        place.state(),
        held == null ? attempt - 1 : attempt,
        place.run().version(),
        held == null ? lastLease(task) : lease(held.lease(), held.run().key().number()),
        held == null ? null : held.progress(),
        held != null && held.cancelReason() != null,
        place instanceof Place.Scheduled scheduled ? scheduled.dueAt() : null,
        expiresAt(row),
        held == null ? null : held.startedAt(),
        null,
        null,
        lastFailure(task),
        dependsOn(task),
        place instanceof Place.Ready ? world.places().position(task, TaskView.MAX_POSITION) : null);
  }

  private TaskView ended(TaskBook.Row row, @Nullable Json payload, boolean withResult) {
    TaskId task = row.definition().id();
    RunEnd end = terminal(task);
    return new TaskView(
        row.definition(),
        payload,
        end.state(),
        end.lease() == null ? end.attempt() - 1 : end.attempt(),
        end.lastVersion(),
        lastLease(task),
        null,
        false,
        null,
        expiresAt(row),
        end.start() == null ? null : end.start().at(),
        end.endedAt(),
        withResult ? end.result() : null,
        end.error(),
        dependsOn(task),
        null);
  }

  private RunEnd terminal(TaskId task) {
    return world.facts().endsOf(task).stream()
        .filter(RunEnd::terminal)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(task + " has neither a place nor an end"));
  }

  private @Nullable Instant expiresAt(TaskBook.Row row) {
    Instant set = world.tasks().expiry(row.definition().id());
    return set == null ? row.definition().expiryFrom(row.definition().createdAt()) : set;
  }

  private @Nullable TaskError lastFailure(TaskId task) {
    return world.facts().endsOf(task).stream()
        .filter(end -> FAILURES.contains(end.kind()))
        .map(RunEnd::error)
        .findFirst()
        .orElse(null);
  }

  private TaskView.@Nullable Lease lastLease(TaskId task) {
    for (RunEnd end : world.facts().endsOf(task)) {
      if (end.lease() != null) {
        return lease(end.lease(), end.key().number());
      }
    }
    return null;
  }

  private TaskView.Lease lease(Place.Lease lease, int fence) {
    FactBook.Claim claim = Objects.requireNonNull(world.facts().claim(lease.claim()));
    NodeId node = Objects.requireNonNull(world.sessions().node(lease.session()));
    return new TaskView.Lease(node, fence, claim.at());
  }

  private List<Edge> dependsOn(TaskId task) {
    return List.copyOf(world.edges().upstream(task));
  }

  private static @Nullable TaskError withoutTraces(@Nullable TaskError error) {
    return error == null
        ? null
        : new TaskError(error.type(), error.message(), null, withoutTraces(error.cause()));
  }
}
