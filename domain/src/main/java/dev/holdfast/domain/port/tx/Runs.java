package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The runs that sessions hold, inside one transaction. */
public interface Runs {

  /**
   * Hands pending tasks to a session, in the order of their lanes: priority, then {@link
   * dev.holdfast.domain.task.TaskDefinition#order()}, then id, exactly within a lane and merged
   * over the lanes asked for. Rows that others have locked are skipped.
   *
   * <p>The same (session, request) again hands out nothing new: it answers what is still held of
   * the first answer, so that a lost answer strands nothing; asked {@linkplain ClaimRequest#again()
   * again}, it waits for a first try that is still on its way.
   */
  ClaimAnswer claim(ClaimRequest request);

  /**
   * Ends runs as completed, whole and by this one call: removes each held row by its key, appends
   * its end with the result, and counts it. The hot path of every finished task.
   *
   * <p>Leaves alone what is no longer held, what others depend on, since they must be told in the
   * same transaction, and what a concurrent transaction has just changed: {@link #take} those.
   *
   * @return the runs that were ended, in any order
   */
  Set<RunKey> complete(Collection<Completion> completions);

  /**
   * Removes held rows by task and run and returns each in its newest version. Waits for concurrent
   * changes of the rows. A key that is missing in the answer is no longer current.
   */
  List<Held> take(Collection<RunKey> keys);

  /**
   * Removes rows that a session holds, in the order of their tasks, skipping rows that others have
   * locked: call again, in a new transaction, until {@link Sessions#lost} no longer names it.
   *
   * @param limit at most so many; positive
   */
  List<Held> takeOf(SessionId session, int limit);

  /**
   * Removes rows whose recorded deadline has passed, skipping rows that others have locked.
   *
   * @param limit at most so many; positive
   */
  List<Held> takeOverdue(int limit);

  /** Locks the held rows of these tasks, in the order of their ids, and returns them. */
  List<Held> lock(Collection<TaskId> tasks);

  /** Writes locked rows back, each under its key. */
  void replace(Collection<Held> locked);
}
