package dev.holdfast.testkit.memory;

import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.testkit.memory.data.TaskBook;
import dev.holdfast.testkit.memory.data.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** New tasks and their keys. */
record MemorySubmissions(World world) implements Submissions {

  @Override
  public List<KeyOwner> takeKeys(Collection<KeyOwner> wanted) {
    List<KeyOwner> present = new ArrayList<>();
    for (KeyOwner owner : wanted) {
      KeyOwner before = world.tasks().owner(owner);
      if (before == null) {
        world.tasks().take(owner);
      } else {
        present.add(before);
      }
    }
    return present;
  }

  @Override
  public void releaseKeys(Collection<KeyOwner> taken) {
    taken.forEach(world.tasks()::release);
  }

  @Override
  public void create(Collection<Birth> births) {
    births.stream()
        .filter(birth -> !world.tasks().has(birth.definition().id()))
        .forEach(this::create);
  }

  private void create(Birth birth) {
    TaskDefinition task = birth.definition();
    int lane = world.lanes().numberOf(task.lane());
    world.tasks().add(new TaskBook.Row(task, birth.payload(), lane));
    Place place = birth.place();
    if (place != null) {
      world.places().put(place);
    }
    boolean scheduled = place instanceof Place.Scheduled;
    world
        .facts()
        .tell(new Fact.Created(task.id(), task.createdAt(), scheduled ? task.dueAt() : null));
  }
}
