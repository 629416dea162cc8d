package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.data.World;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who waits for whom. */
record MemoryDependencies(World world) implements Dependencies {

  @Override
  public void link(Collection<Edge> edges) {
    edges.forEach(world.edges()::link);
  }

  @Override
  public List<Edge> downstream(Collection<TaskId> upstream, @Nullable TaskId after, int limit) {
    return upstream.stream()
        .distinct()
        .sorted()
        .flatMap(task -> world.edges().downstream(task, after).stream())
        .limit(limit)
        .toList();
  }

  @Override
  public List<Edge> upstream(Collection<TaskId> downstream) {
    return downstream.stream()
        .distinct()
        .sorted()
        .flatMap(task -> world.edges().upstream(task).stream())
        .toList();
  }

  @Override
  public Map<TaskId, Integer> satisfy(Map<TaskId, Integer> satisfied) {
    Map<TaskId, Integer> left = new HashMap<>();
    satisfied.forEach((task, count) -> {
      if (world.places().find(task) instanceof Place.Blocked blocked) {
        int open = blocked.open() - count;
        world.places().replace(blocked, new Place.Blocked(blocked.run(), open));
        left.put(task, open);
      }
    });
    return left;
  }

  @Override
  public void defer(Collection<Deferred> deferred) {
    deferred.forEach(world.edges()::defer);
  }

  @Override
  public List<Deferred> takeDeferred(int limit) {
    return world.edges().takeDeferred(limit);
  }
}
