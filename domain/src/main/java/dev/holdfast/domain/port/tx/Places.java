package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The places where live tasks wait, inside one transaction. */
public interface Places {

  /**
   * Puts tasks that have no place into one. A {@link Place.Held} is refused: only a claim holds.
   *
   * @throws IllegalArgumentException for a held place
   */
  void put(Collection<? extends Place> places);

  /**
   * Removes the places of these tasks that wait (all but the held ones) and returns each in its
   * newest version. Waits for concurrent changes of the rows. A task that is not in the answer is
   * held, has ended, moved meanwhile, or does not exist: look again, in a later call.
   */
  List<Place> takeWaiting(Collection<TaskId> tasks);

  /**
   * Removes scheduled tasks that are due and suspended tasks whose wake time has come, oldest due
   * time first, skipping rows that others have locked.
   *
   * @param limit at most so many; positive
   */
  List<Place> takeDue(int limit);

  /**
   * Sets marks on the places of these tasks, held ones included, waiting for concurrent changes.
   *
   * @return the tasks that had a place; look again for the others, as in {@link #takeWaiting}
   */
  Set<TaskId> mark(Collection<TaskId> tasks, Marks marks);

  /** Sets when these tasks expire, replacing what was set before. */
  void expireAt(Map<TaskId, Instant> instants);

  /**
   * Removes due expiries and returns their tasks, oldest first. A task in it may have ended long
   * ago.
   *
   * @param limit at most so many; positive
   */
  List<TaskId> takeExpired(int limit);
}
