package dev.holdfast.testkit.selftest;

import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Notes replace earlier ones of the same version. */
final class Overwriting implements UnaryOperator<Storage> {

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
