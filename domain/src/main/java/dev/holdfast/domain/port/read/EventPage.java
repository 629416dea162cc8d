package dev.holdfast.domain.port.read;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.task.TaskAddress;
import java.util.List;
import java.util.Objects;

/**
 * A stretch of the global event stream.
 *
 * @param next where to go on; behind the last event, or further when what follows is empty
 * @param caughtUp whether nothing more was readable
 */
public record EventPage(List<Entry> entries, EventPosition next, boolean caughtUp) {

  public EventPage {
    entries = List.copyOf(entries);
    Objects.requireNonNull(next, "next");
  }

  /** An event, where it stands, and the address of its task to filter by. */
  public record Entry(EventPosition position, TaskEvent event, TaskAddress address) {}
}
