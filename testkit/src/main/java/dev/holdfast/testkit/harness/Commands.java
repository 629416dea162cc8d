package dev.holdfast.testkit.harness;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The commands that must look again when a task has moved meanwhile, each a loop over transactions.
 * Safe for concurrent use.
 */
public final class Commands {

  private static final int ROUNDS = 1000;

  private final Storage storage;
  private final Samples samples;

  /** On this storage. */
  public Commands(Storage storage, Samples samples) {
    this.storage = storage;
    this.samples = samples;
  }

  /** Submits a task that waits for others, which may be in any state. */
  public TaskDefinition submitAfter(NewTask task, boolean required, Collection<TaskId> upstream) {
    return storage.transact(tx -> submitAfter(tx, task, required, upstream));
  }

  /** The same inside a transaction. */
  public TaskDefinition submitAfter(
      StorageTx tx, NewTask task, boolean required, Collection<TaskId> upstream) {
    Map<TaskId, TaskState> ended = markOrEnd(tx, upstream);
    TaskDefinition definition = samples.define(task, tx.now());
    Optional<TaskId> bad = ended.entrySet().stream()
        .filter(end -> required && end.getValue() != TaskState.COMPLETED)
        .map(Map.Entry::getKey)
        .findFirst();
    Place place = Lifecycle.born(definition, upstream.size() - ended.size(), Marks.NONE);
    Place born = bad.isPresent() ? null : place;
    tx.submissions().create(List.of(new Birth(definition, task.payload(), born)));
    bad.ifPresent(one -> tx.facts().end(List.of(Lifecycle.stillborn(definition, one))));
    tx.dependencies()
        .link(upstream.stream()
            .map(one -> new Edge(one, definition.id(), required))
            .toList());
    return definition;
  }

  /** Marks the live ones; answers how the others ended. */
  private static Map<TaskId, TaskState> markOrEnd(StorageTx tx, Collection<TaskId> upstream) {
    Map<TaskId, TaskState> ended = new TreeMap<>();
    Set<TaskId> open = new HashSet<>(upstream);
    for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
      open.removeAll(tx.places().mark(open, Marks.DEPENDANTS));
      tx.facts().lock(open, false);
      tx.facts().lastEnds(open).forEach((task, end) -> ended.put(task, end.state()));
      open.removeAll(ended.keySet());
    }
    return ended;
  }

  /** Cancels a task at once, held or not; false when it has ended already. */
  public boolean cancel(TaskId task) {
    for (int round = 0; round < ROUNDS; round++) {
      Optional<Boolean> cancelled = storage.transact(tx -> tryCancel(tx, task));
      if (cancelled.isPresent()) {
        return cancelled.get();
      }
    }
    throw new AssertionError(task + " is nowhere");
  }

  private static Optional<Boolean> tryCancel(StorageTx tx, TaskId task) {
    Optional<Place> waiting = tx.places().takeWaiting(List.of(task)).stream().findFirst();
    Optional<Place> place = waiting.isPresent() ? waiting : takeHeld(tx, task);
    if (place.isPresent()) {
      Move move = Lifecycle.cancel(place.get(), "no more", tx.now());
      new Ends(tx).apply(place.get(), move);
      return Optional.of(true);
    }
    return tx.facts().lastEnds(List.of(task)).isEmpty() ? Optional.empty() : Optional.of(false);
  }

  private static Optional<Place> takeHeld(StorageTx tx, TaskId task) {
    List<Held> locked = tx.runs().lock(List.of(task));
    return locked.isEmpty()
        ? Optional.empty()
        : tx.runs().take(List.of(locked.getFirst().run().key())).stream()
            .findFirst()
            .map(held -> held);
  }

  /** Starts an ended task anew; false when somebody else did or it is not ended. */
  public boolean replay(TaskId task) {
    return storage.transact(tx -> {
      tx.facts().lock(List.of(task), true);
      RunEnd last = tx.facts().lastEnds(List.of(task)).get(task);
      return last != null && replay(tx, task, last);
    });
  }

  /** Starts a task anew that ended as {@code last} says; false when that is no news. */
  public boolean replay(StorageTx tx, TaskId task, RunEnd last) {
    TaskDefinition definition = new Ends(tx).definition(task);
    Move move = Lifecycle.replay(definition, last, 0, Marks.NONE, tx.now());
    if (tx.facts().note(move.notes()).isEmpty()) {
      return false;
    }
    tx.places().put(List.of(Objects.requireNonNull(move.next())));
    tx.facts().count(List.of(new Tally(definition.address().queue(), last.state(), -1)));
    return true;
  }

  /** Gives back what ended sessions still hold. Answers how many runs that were. */
  public int reap() {
    int reaped = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<SessionId> lost = storage.sessions().lost(100);
      if (lost.isEmpty()) {
        return reaped;
      }
      for (SessionId session : lost) {
        reaped += reap(session, 50);
      }
    }
    throw new AssertionError("ended sessions still hold runs after " + ROUNDS + " rounds");
  }

  /** Gives back some of what one session holds. Answers how many runs that were. */
  public int reap(SessionId session, int limit) {
    return storage.transact(tx -> reap(tx, session, limit));
  }

  /** The same inside a transaction. */
  public int reap(StorageTx tx, SessionId session, int limit) {
    List<Held> taken = tx.runs().takeOf(session, limit);
    for (Held held : taken) {
      TaskDefinition task = new Ends(tx).definition(held.run().task());
      new Ends(tx).apply(held, Settlement.lose(task, held, "killed", tx.now()));
    }
    return taken.size();
  }
}
