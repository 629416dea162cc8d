package dev.holdfast.domain.run;

import dev.holdfast.domain.Samples;
import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One task with its place and its facts, kept as a storage would keep them. */
final class TaskModel {

  private final TaskDefinition task;
  private final List<Fact> facts = new ArrayList<>();
  private final List<Integer> claimedRuns = new ArrayList<>();
  private Place place;
  private RunEnd lastTerminal;
  private Instant now = Samples.T0;

  private TaskModel(TaskDefinition task, Place place) {
    this.task = task;
    this.place = place;
    Instant scheduledFor = place instanceof Place.Scheduled ? task.dueAt() : null;
    facts.add(new Fact.Created(task.id(), task.createdAt(), scheduledFor));
  }

  /** A task that is born with so many open dependencies. */
  static TaskModel born(TaskDefinition task, int open, Marks marks) {
    return new TaskModel(task, Lifecycle.born(task, open, marks));
  }

  /** A task that is born ended. */
  static TaskModel stillborn(TaskDefinition task) {
    TaskModel model = new TaskModel(task, null);
    model.append(Lifecycle.stillborn(task, Samples.id(99)));
    return model;
  }

  TaskDefinition task() {
    return task;
  }

  Instant now() {
    return now;
  }

  void advance(long millis) {
    now = now.plusMillis(millis);
  }

  Optional<Place> place() {
    return Optional.ofNullable(place);
  }

  /** Its place, which the caller knows to be of this kind. */
  <P extends Place> P at(Class<P> kind) {
    return kind.cast(place);
  }

  RunEnd lastTerminal() {
    return lastTerminal;
  }

  TaskState state() {
    return place == null ? lastTerminal.state() : place.state();
  }

  /** The number of its newest event, as its storage knows it. */
  int version() {
    return place == null ? lastTerminal.lastVersion() : place.run().version();
  }

  /** The run numbers that were handed out, oldest first. */
  List<Integer> claimedRuns() {
    return claimedRuns;
  }

  List<Fact> facts() {
    return facts;
  }

  List<TaskEvent> events() {
    return facts.stream()
        .flatMap(fact -> Story.of(fact).stream())
        .sorted(Comparator.comparingInt(TaskEvent::version))
        .toList();
  }

  void claim() {
    Place.Ready ready = at(Place.Ready.class);
    int version = ready.run().version() + 1;
    var lease = new Place.Lease(new ClaimId(facts.size()), new SessionId(1), version);
    facts.add(new Fact.Assigned(task.id(), version, ready.run().attempt(), now, Samples.NODE));
    claimedRuns.add(ready.run().key().number());
    place = Lifecycle.claim(ready, lease);
  }

  /** Carries out what one command decided. */
  Move apply(Supplier<Move> command) {
    Move move = command.get();
    if (move.end() != null) {
      append(move.end());
    }
    move.notes().forEach(note -> facts.add(new Fact.Noted(note, nodeOf(note))));
    place = move.next();
    return move;
  }

  /** A mark that somebody else sets on its place. */
  void mark(Marks marks) {
    place = place.with(place.run().marked(marks));
  }

  /** One of its dependencies was satisfied, others are open. */
  void satisfyOne() {
    Place.Blocked blocked = at(Place.Blocked.class);
    place = new Place.Blocked(blocked.run(), blocked.open() - 1);
  }

  private void append(RunEnd end) {
    facts.add(new Fact.Ended(end, end.lease() == null ? null : Samples.NODE));
    if (end.terminal()) {
      lastTerminal = end;
    }
  }

  private static NodeId nodeOf(Note note) {
    return note.session() == null ? null : Samples.NODE;
  }
}
