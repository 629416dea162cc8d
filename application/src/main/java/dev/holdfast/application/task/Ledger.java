package dev.holdfast.application.task;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Carries moves out inside one transaction and remembers what they did, for those who want to know
 * after the commit. Belongs to one transaction.
 */
public final class Ledger {

  private final StorageTx tx;
  private final boolean mayTell;
  private final Map<TaskId, TaskState> ended = new LinkedHashMap<>();
  private final List<Instant> dues = new ArrayList<>();
  private boolean readied;
  private boolean wrote;
  private boolean deferred;
  private boolean told;

  Ledger(StorageTx tx) {
    this(tx, false);
  }

  /** {@code mayTell}: whether new tasks may be told to the other nodes with the commit. */
  Ledger(StorageTx tx, boolean mayTell) {
    this.tx = tx;
    this.mayTell = mayTell;
  }

  StorageTx tx() {
    return tx;
  }

  /** The removed or locked place of a task, what becomes of it, and whether others wait for it. */
  record Entry(TaskDefinition task, Marks marks, Move move) {

    TaskId id() {
      return task.id();
    }
  }

  /** The moves of places that were taken, with the definitions that they need. */
  <P extends Place> List<Entry> entries(
      Collection<P> taken, BiFunction<TaskDefinition, P, Move> moveOf) {
    if (taken.isEmpty()) {
      return List.of();
    }
    List<TaskId> ids = taken.stream().map(place -> place.run().task()).toList();
    Map<TaskId, TaskDefinition> definitions = tx.facts().definitions(ids);
    List<Entry> entries = new ArrayList<>();
    for (P place : taken) {
      TaskDefinition task = Objects.requireNonNull(
          definitions.get(place.run().task()), () -> "no definition of " + place);
      entries.add(new Entry(task, place.run().marks(), moveOf.apply(task, place)));
    }
    return entries;
  }

  /** Appends the facts, puts or replaces the places, counts the ends, and tells the dependants. */
  void carryOut(Collection<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    write(entries);
    new Dependants(this).afterEnds(endsOf(entries));
  }

  /** As {@link #carryOut}, for entries whose dependants the caller handles. */
  void write(Collection<Entry> entries) {
    var ends = new ArrayList<RunEnd>();
    var notes = new ArrayList<Note>();
    var places = new ArrayList<Place>();
    var held = new ArrayList<Place.Held>();
    for (Entry entry : entries) {
      Move move = entry.move();
      if (move.end() != null) {
        ends.add(move.end());
      }
      notes.addAll(move.notes());
      wrote |= move.end() != null || !move.notes().isEmpty();
      if (move.next() instanceof Place.Held kept) {
        held.add(kept);
      } else if (move.next() != null) {
        places.add(move.next());
        remember(move.next());
      }
    }
    if (!ends.isEmpty()) {
      tx.facts().end(ends);
    }
    if (!notes.isEmpty()) {
      tx.facts().note(notes);
    }
    if (!places.isEmpty()) {
      tx.places().put(places);
    }
    if (!held.isEmpty()) {
      tx.runs().replace(held);
    }
    count(entries);
  }

  /** Writes new tasks with the places that were told as {@link #born}. */
  void create(List<Birth> births) {
    if (mayTell && readied) {
      told = tx.submissions().createAndTell(births);
    } else {
      tx.submissions().create(births);
    }
  }

  /** A task was born there. */
  void born(Place place) {
    wrote = true;
    remember(place);
  }

  /** Dependants were left for later. */
  void deferred() {
    deferred = true;
  }

  private void remember(Place place) {
    if (place instanceof Place.Ready) {
      readied = true;
    } else if (place instanceof Place.Scheduled scheduled) {
      dues.add(scheduled.dueAt());
    } else if (place instanceof Place.Suspended suspended && suspended.wakeAt() != null) {
      dues.add(suspended.wakeAt());
    }
  }

  void ended(TaskId task, TaskState state) {
    wrote = true;
    ended.put(task, state);
  }

  private void count(Collection<Entry> entries) {
    Map<Tally, Long> tallies = new LinkedHashMap<>();
    for (Entry entry : entries) {
      Move move = entry.move();
      if (move.to() == move.from()) {
        continue;
      }
      if (move.to().isTerminal()) {
        ended(entry.id(), move.to());
        tallies.merge(one(entry, move.to()), 1L, Long::sum);
      } else if (move.from().isTerminal()) {
        tallies.merge(one(entry, move.from()), -1L, Long::sum);
      }
    }
    if (!tallies.isEmpty()) {
      tx.facts()
          .count(tallies.entrySet().stream()
              .map(e -> new Tally(e.getKey().queue(), e.getKey().state(), e.getValue()))
              .toList());
    }
  }

  private static Tally one(Entry entry, TaskState state) {
    return new Tally(entry.task().address().queue(), state, 1);
  }

  private static List<Dependants.Ended> endsOf(Collection<Entry> entries) {
    return entries.stream()
        .filter(entry -> entry.move().to().isTerminal() && entry.marks().has(Marks.DEPENDANTS))
        .map(entry -> new Dependants.Ended(entry.id(), entry.move().to()))
        .toList();
  }

  /** What was done, to be told to those who wait once the transaction is committed. */
  public Effects effects() {
    return new Effects(
        Collections.unmodifiableMap(ended), readied, told, List.copyOf(dues), deferred, wrote);
  }

  /**
   * What a transaction did.
   *
   * @param ended the tasks that ended and how
   * @param readied whether tasks became pending
   * @param told whether the commit has told the other nodes of that
   * @param dues when tasks that it scheduled are due
   * @param deferred whether it left dependants for later
   * @param wrote whether there are new events
   */
  public record Effects(
      Map<TaskId, TaskState> ended,
      boolean readied,
      boolean told,
      List<Instant> dues,
      boolean deferred,
      boolean wrote) {

    /** Of runs that were completed, with nobody who depends on them. */
    static Effects ofCompletions(Set<RunKey> runs) {
      Map<TaskId, TaskState> ended = new HashMap<>();
      runs.forEach(run -> ended.put(run.task(), TaskState.COMPLETED));
      return new Effects(ended, false, false, List.of(), false, !ended.isEmpty());
    }

    /** The tasks that ended. */
    public Set<TaskId> endedTasks() {
      return ended.keySet();
    }
  }
}
