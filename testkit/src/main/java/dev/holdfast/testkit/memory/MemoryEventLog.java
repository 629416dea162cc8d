package dev.holdfast.testkit.memory;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.data.World;
import java.util.List;
import java.util.Map;

/** The events, of one task and of all. */
record MemoryEventLog(World world) implements EventLog {

  @Override
  public List<TaskEvent> ofTask(TaskId task, int after, int limit) {
    return world.read(
        () -> world.facts().story(task, after).stream().limit(limit).toList());
  }

  @Override
  public EventPage page(EventPosition after, int limit) {
    return world.read(() -> {
      var behind = world.facts().stream(after);
      List<EventPage.Entry> entries =
          behind.entrySet().stream().limit(limit).map(this::entry).toList();
      boolean caughtUp = entries.size() < limit;
      return new EventPage(entries, next(after, entries, caughtUp), caughtUp);
    });
  }

  private EventPage.Entry entry(Map.Entry<EventPosition, TaskEvent> row) {
    TaskEvent event = row.getValue();
    return new EventPage.Entry(
        row.getKey(), event, world.tasks().get(event.task()).definition().address());
  }

  private EventPosition next(EventPosition after, List<EventPage.Entry> entries, boolean caughtUp) {
    EventPosition head = newest();
    if (caughtUp) {
      return head.compareTo(after) > 0 ? head : after;
    }
    return entries.getLast().position();
  }

  @Override
  public EventPosition start() {
    return world.read(
        () -> EventPosition.before(world.facts().incarnation(), world.facts().start()));
  }

  @Override
  public EventPosition head() {
    return world.read(this::newest);
  }

  private EventPosition newest() {
    return EventPosition.behind(world.facts().incarnation(), world.facts().transaction());
  }

  @Override
  public boolean isKept(EventPosition position) {
    return world.read(() -> position.incarnation() == world.facts().incarnation()
        && position.transaction() >= world.facts().start());
  }
}
