package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.tx.Places;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.data.World;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The places where live tasks wait. */
record MemoryPlaces(World world) implements Places {

  @Override
  public void put(Collection<? extends Place> places) {
    for (Place place : places) {
      if (place instanceof Place.Held) {
        throw new IllegalArgumentException("only a claim holds, not " + place);
      }
      world.places().put(place);
    }
  }

  @Override
  public List<Place> takeWaiting(Collection<TaskId> tasks) {
    List<Place> waiting =
        found(tasks).stream().filter(place -> !(place instanceof Place.Held)).toList();
    waiting.forEach(world.places()::remove);
    return waiting;
  }

  @Override
  public List<Place> takeDue(int limit) {
    List<Place> due = world.places().due(world.now(), limit);
    due.forEach(world.places()::remove);
    return due;
  }

  @Override
  public Set<TaskId> mark(Collection<TaskId> tasks, Marks marks) {
    List<Place> placed = found(tasks);
    placed.forEach(place -> world.places().replace(place, place.with(place.run().marked(marks))));
    return placed.stream().map(place -> place.run().task()).collect(Collectors.toSet());
  }

  private List<Place> found(Collection<TaskId> tasks) {
    return tasks.stream()
        .distinct()
        .sorted()
        .map(world.places()::find)
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public void expireAt(Map<TaskId, Instant> instants) {
    instants.forEach(world.tasks()::expireAt);
  }

  @Override
  public List<TaskId> takeExpired(int limit) {
    return world.tasks().takeExpired(world.now(), limit);
  }
}
