package dev.holdfast.simulator.check;

import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells of completions that are written as other ends are: those of tasks on which others depend.
 */
record WatchedFacts(Facts real, Consumer<RunKey> completed) implements Facts {

  @Override
  public void end(Collection<RunEnd> ends) {
    real.end(ends);
    for (RunEnd end : ends) {
      if (end.kind() == RunEnd.Kind.COMPLETED) {
        completed.accept(end.key());
      }
    }
  }

  @Override
  public Set<TaskId> note(Collection<Note> notes) {
    return real.note(notes);
  }

  @Override
  public Map<TaskId, RunEnd> lastEnds(Collection<TaskId> tasks) {
    return real.lastEnds(tasks);
  }

  @Override
  public Map<RunKey, RunEnd> ends(Collection<RunKey> keys) {
    return real.ends(keys);
  }

  @Override
  public Map<TaskId, TaskDefinition> definitions(Collection<TaskId> tasks) {
    return real.definitions(tasks);
  }

  @Override
  public void lock(Collection<TaskId> tasks, boolean exclusive) {
    real.lock(tasks, exclusive);
  }

  @Override
  public void count(Collection<Tally> tallies) {
    real.count(tallies);
  }
}
