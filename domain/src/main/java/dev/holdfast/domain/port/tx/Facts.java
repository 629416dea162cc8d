package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** What is appended and never changed, inside one transaction. */
public interface Facts {

  /** Appends ends of runs. */
  void end(Collection<RunEnd> ends);

  /**
   * Appends notes, unless a note with the same (task, version) exists.
   *
   * @return the tasks of the notes that were new: a replay that is not among them has lost to
   *     another one
   */
  Set<TaskId> note(Collection<Note> notes);

  /** The newest terminal ends of these tasks, without their results. */
  Map<TaskId, RunEnd> lastEnds(Collection<TaskId> tasks);

  /** The ends of these runs, without their results. */
  Map<RunKey, RunEnd> ends(Collection<RunKey> keys);

  /** The definitions of these tasks; a task that does not exist is not in the answer. */
  Map<TaskId, TaskDefinition> definitions(Collection<TaskId> tasks);

  /**
   * Locks the definitions of ended tasks, in the order of their ids, against each other: a replay
   * asks for {@code exclusive}, a late dependant that relies on the end does not.
   */
  void lock(Collection<TaskId> tasks, boolean exclusive);

  /** Adds to the counts of ended tasks that {@link TaskQueries#stats} answers. */
  void count(Collection<Tally> tallies);
}
