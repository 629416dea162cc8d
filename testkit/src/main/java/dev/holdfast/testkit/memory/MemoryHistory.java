package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.data.SessionBook;
import dev.holdfast.testkit.memory.data.TaskBook;
import dev.holdfast.testkit.memory.data.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of what is kept. */
record MemoryHistory(World world) implements History {

  @Override
  public Sweep removeEnded(Instant endedBefore, @Nullable TaskId after, int limit) {
    List<TaskBook.Row> looked = world.tasks().after(after).stream().limit(limit).toList();
    List<Removed> removed = new ArrayList<>();
    for (TaskBook.Row row : looked) {
      RunEnd end = lastEnd(row.definition().id());
      if (end != null
          && end.endedAt().isBefore(endedBefore)
          && mayGo(row.definition().id())) {
        TaskDefinition task = row.definition();
        removed.add(new Removed(task.id(), task.address().queue(), end.state()));
      }
    }
    removed.forEach(this::remove);
    if (!removed.isEmpty()) {
      world.facts().removeClaims(world.tasks()::has);
    }
    return new Sweep(removed, next(looked, endedBefore, limit));
  }

  private static @Nullable TaskId next(List<TaskBook.Row> looked, Instant endedBefore, int limit) {
    if (looked.size() < limit) {
      return null;
    }
    TaskDefinition last = looked.getLast().definition();
    return last.createdAt().isBefore(endedBefore) ? last.id() : null;
  }

  private @Nullable RunEnd lastEnd(TaskId task) {
    return world.places().find(task) != null
        ? null
        : world.facts().endsOf(task).stream()
            .filter(RunEnd::terminal)
            .findFirst()
            .orElse(null);
  }

  private boolean mayGo(TaskId task) {
    return world.edges().downstream(task, null).stream()
        .noneMatch(edge -> world.places().find(edge.downstream()) != null);
  }

  private void remove(Removed removed) {
    TaskId task = removed.task();
    world.facts().remove(task);
    world.edges().remove(task);
    world.steps().remove(task);
    world.tasks().remove(world.tasks().get(task));
  }

  @Override
  public int removeSessions(Instant endedBefore, int limit) {
    List<SessionBook.Row> gone = world.sessions().all().stream()
        .filter(row -> row.endedAt() != null && row.endedAt().isBefore(endedBefore))
        .filter(row -> !isReferredTo(row.id()))
        .limit(limit)
        .toList();
    gone.forEach(world.sessions()::remove);
    return gone.size();
  }

  private boolean isReferredTo(SessionId session) {
    Leadership lead = world.leads().newest();
    return world.facts().hasClaims(session) || (lead != null && session.equals(lead.session()));
  }
}
