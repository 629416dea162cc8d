package dev.holdfast.testkit.memory;

import static java.util.stream.Collectors.toMap;

import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.data.TaskBook;
import dev.holdfast.testkit.memory.data.World;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What is appended and read back. */
record MemoryFacts(World world) implements Facts {

  @Override
  public void end(Collection<RunEnd> ends) {
    for (RunEnd end : ends) {
      world.facts().add(end);
      NodeId node =
          end.lease() == null ? null : world.sessions().node(end.lease().session());
      world.facts().tell(new Fact.Ended(end, node));
    }
  }

  @Override
  public Set<TaskId> note(Collection<Note> notes) {
    Set<TaskId> written = new HashSet<>();
    for (Note note : notes) {
      if (world.facts().add(note)) {
        world.facts().tell(new Fact.Noted(note, world.sessions().node(note.session())));
        written.add(note.task());
      }
    }
    return written;
  }

  @Override
  public Map<TaskId, RunEnd> lastEnds(Collection<TaskId> tasks) {
    return tasks.stream()
        .distinct()
        .flatMap(this::lastEnd)
        .collect(toMap(RunEnd::task, MemoryFacts::withoutResult));
  }

  private Stream<RunEnd> lastEnd(TaskId task) {
    return world.facts().endsOf(task).stream().filter(RunEnd::terminal).limit(1);
  }

  @Override
  public Map<RunKey, RunEnd> ends(Collection<RunKey> keys) {
    return keys.stream()
        .distinct()
        .map(world.facts()::end)
        .filter(Objects::nonNull)
        .collect(toMap(RunEnd::key, MemoryFacts::withoutResult));
  }

  private static RunEnd withoutResult(RunEnd end) {
    return new RunEnd(
        end.key(),
        end.kind(),
        end.terminal(),
        end.attempt(),
        end.version(),
        end.lease(),
        end.start(),
        end.endedAt(),
        end.nextAt(),
        null,
        end.error());
  }

  @Override
  public Map<TaskId, TaskDefinition> definitions(Collection<TaskId> tasks) {
    return tasks.stream()
        .distinct()
        .map(world.tasks()::find)
        .filter(Objects::nonNull)
        .map(TaskBook.Row::definition)
        .collect(toMap(TaskDefinition::id, task -> task));
  }

  /** Nothing to do: transactions run one after another. */
  @Override
  public void lock(Collection<TaskId> tasks, boolean exclusive) {}

  @Override
  public void count(Collection<Tally> tallies) {
    tallies.forEach(tally -> world.counts().add(tally, world.now()));
  }
}
