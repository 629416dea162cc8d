package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;

import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ways to be wrong in what is appended. */
@SuppressWarnings("unchecked")
final class FactFlaws {

  private FactFlaws() {}

  static Stream<Flaw> ofFacts() {
    Class<Flawed.Facts> contract = Flawed.Facts.class;
    return Stream.of(
        new Flaw(
            "note that is always new",
            contract,
            "note_keepsTheFirstOfAVersion",
            inTx("facts", "note", (tx, args) -> noteAll(tx, (Collection<Note>) args[0]))),
        new Flaw(
            "note that overwrites", contract, "note_keepsTheFirstOfAVersion", new Overwriting()),
        new Flaw(
            "last end that is the first",
            contract,
            "lastEnds_areTheNewestTerminalOnes",
            inTx("facts", "lastEnds", (tx, args) -> firstEnds(tx, (Collection<TaskId>) args[0]))),
        new Flaw(
            "last end that ended nothing",
            contract,
            "lastEnds_passOverEndsThatEndedNoTask",
            inTx("facts", "lastEnds", (tx, args) -> firstEnds(tx, (Collection<TaskId>) args[0]))),
        new Flaw(
            "end without its error",
            contract,
            "end_keepsEveryMember",
            inTx("facts", "end", (tx, args) -> {
              tx.facts().end(errorless((Collection<RunEnd>) args[0]));
              return null;
            })),
        new Flaw(
            "count that never falls",
            contract,
            "count_isAddedUpPerQueueAndState",
            inTx("facts", "count", (tx, args) -> {
              tx.facts()
                  .count(((Collection<Tally>) args[0])
                      .stream().filter(tally -> tally.change() > 0).toList());
              return null;
            })));
  }

  static Set<TaskId> noteAll(StorageTx tx, Collection<Note> notes) {
    tx.facts().note(notes);
    return notes.stream().map(Note::task).collect(Collectors.toSet());
  }

  private static Map<TaskId, RunEnd> firstEnds(StorageTx tx, Collection<TaskId> tasks) {
    Map<TaskId, RunEnd> ends = new HashMap<>();
    tasks.forEach(task ->
        ends.putAll(tx.facts().ends(List.of(new RunKey(task, 1))).values().stream()
            .collect(Collectors.toMap(RunEnd::task, end -> end))));
    return ends;
  }

  private static List<RunEnd> errorless(Collection<RunEnd> ends) {
    return ends.stream()
        .map(end -> new RunEnd(
            end.key(),
            end.kind(),
            end.terminal(),
            end.attempt(),
            end.version(),
            end.lease(),
            end.start(),
            end.endedAt(),
            end.nextAt(),
            end.result(),
            null))
        .toList();
  }

  /** Notes replace earlier ones of the same version. */
  private static final class Overwriting implements UnaryOperator<Storage> {

    private final Map<Object, TaskEvent> newest = new HashMap<>();

    private record Key(Object task, int version) {}

    @Override
    @SuppressWarnings("unchecked")
    public Storage apply(Storage sound) {
      Storage writing = Broken.inTx("facts", "note", (tx, args) -> {
            var notes = (Collection<Note>) args[0];
            notes.forEach(note -> newest.put(
                new Key(note.task(), note.version()),
                Story.of(new Fact.Noted(note, null)).getFirst()));
            return tx.facts().note(notes);
          })
          .apply(sound);
      return Broken.port(EventLog.class, "events", "ofTask", (real, args) -> {
            List<TaskEvent> events = real.ofTask((TaskId) args[0], (int) args[1], (int) args[2]);
            return events.stream()
                .map(event -> newest.getOrDefault(new Key(event.task(), event.version()), event))
                .toList();
          })
          .apply(writing);
    }
  }
}
