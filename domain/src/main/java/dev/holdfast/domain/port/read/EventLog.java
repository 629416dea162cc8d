package dev.holdfast.domain.port.read;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.value.TaskId;
import java.util.List;

/** The event log: a view over the facts, so it cannot disagree with the state. */
public interface EventLog {

  /**
   * The events of one task in version order.
   *
   * @param after only greater versions; 0 from the first
   * @param limit at most so many; positive
   */
  List<TaskEvent> ofTask(TaskId task, int after, int limit);

  /**
   * The global stream behind a position. A reader that goes on from {@link EventPage#next} sees
   * every event exactly once, also when transactions commit out of order, and each task's events
   * in version order.
   *
   * @param limit at most so many; positive
   */
  EventPage page(EventPosition after, int limit);

  /** Before the oldest event that is kept. */
  EventPosition start();

  /** Behind every event that a reader could have seen by now. */
  EventPosition head();

  /** Whether reading on from this position would miss nothing. */
  boolean isKept(EventPosition position);
}
