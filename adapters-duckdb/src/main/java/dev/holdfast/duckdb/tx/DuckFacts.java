package dev.holdfast.duckdb.tx;

import static java.util.stream.Collectors.toMap;

import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.EndRows;
import dev.holdfast.duckdb.row.NoteRows;
import dev.holdfast.duckdb.row.TaskRows;
import dev.holdfast.duckdb.writer.Transaction;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is appended and read back. */
public record DuckFacts(Transaction tx) implements Facts {

  @Override
  public void end(Collection<RunEnd> ends) {
    if (!ends.isEmpty()) {
      tx.learnSeats(ends.stream().map(RunEnd::task).toList());
      List<EndRows.Row> rows = ends.stream()
          .map(end -> new EndRows.Row(tx.seat(end.task()).lane(), end))
          .toList();
      EndRows.insert(tx.handle(), rows, tx.xid());
    }
  }

  @Override
  public Set<TaskId> note(Collection<Note> notes) {
    if (notes.isEmpty()) {
      return Set.of();
    }
    tx.learnSeats(notes.stream().map(Note::task).toList());
    List<NoteRows.Row> rows = notes.stream()
        .map(note -> new NoteRows.Row(tx.seat(note.task()).lane(), note))
        .toList();
    return new HashSet<>(NoteRows.insert(tx.handle(), rows, tx.xid()));
  }

  @Override
  public Map<TaskId, RunEnd> lastEnds(Collection<TaskId> tasks) {
    return endsOf(tasks)
        .filter(RunEnd::terminal)
        .collect(toMap(RunEnd::task, end -> end, (newest, older) -> newest));
  }

  private Stream<RunEnd> endsOf(Collection<TaskId> tasks) {
    return EndRows.ofTasks(tx.handle(), tasks, false).stream();
  }

  @Override
  public Map<RunKey, RunEnd> ends(Collection<RunKey> keys) {
    Set<RunKey> wanted = Set.copyOf(keys);
    return endsOf(keys.stream().map(RunKey::task).distinct().toList())
        .filter(end -> wanted.contains(end.key()))
        .collect(toMap(RunEnd::key, end -> end));
  }

  @Override
  public Map<TaskId, TaskDefinition> definitions(Collection<TaskId> tasks) {
    return TaskRows.find(tx.handle(), tasks, tx.lanes(), false).stream()
        .collect(toMap(TaskRows.Stored::id, TaskRows.Stored::definition));
  }

  /** Nothing to do: transactions run one after another. */
  @Override
  public void lock(Collection<TaskId> tasks, boolean exclusive) {}

  private static final String COUNT = """
      INSERT INTO stat_delta (queue, state, change, counted_us)
      SELECT unnest(:queues), unnest(:states), unnest(:changes), :now
      """;

  @Override
  public void count(Collection<Tally> tallies) {
    if (!tallies.isEmpty()) {
      tx.handle()
          .createUpdate(COUNT)
          .bind("queues", Columns.texts(tallies, tally -> tally.queue().value()))
          .bind("states", Columns.texts(tallies, tally -> tally.state().name()))
          .bind("changes", Columns.longs(tallies, Tally::change))
          .bind("now", Cells.micros(tx.now()))
          .execute();
    }
  }
}
