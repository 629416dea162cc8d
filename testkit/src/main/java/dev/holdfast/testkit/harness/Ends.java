package dev.holdfast.testkit.harness;

import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes what moves lead to, dependants included, inside one transaction. */
record Ends(StorageTx tx) {

  private static final int ALL = Integer.MAX_VALUE;

  TaskDefinition definition(TaskId task) {
    TaskDefinition definition = tx.facts().definitions(List.of(task)).get(task);
    if (definition == null) {
      throw new AssertionError("the definition of " + task + " is missing");
    }
    return definition;
  }

  /** The same word on each of these runs. */
  List<Completion> completions(List<Held> runs, Outcome.Completed outcome) {
    return runs.stream()
        .map(held -> new Completion(
            held.run().key(), definition(held.run().task()).address().queue(), outcome))
        .toList();
  }

  /** Ends runs whose places were removed, and tells the dependants of all of them at once. */
  List<RunKey> complete(List<Held> taken, Outcome.Completed outcome) {
    for (Held held : taken) {
      RunEnd end = Objects.requireNonNull(Settlement.complete(held, outcome).end());
      tx.facts().end(List.of(end));
      count(end.task(), end.state());
    }
    tellDependants(taken.stream().map(held -> held.run().task()).toList(), TaskState.COMPLETED);
    return taken.stream().map(held -> held.run().key()).toList();
  }

  /** Writes a move of a task whose place was removed. */
  void apply(Place before, Move move) {
    tx.facts().note(move.notes());
    RunEnd end = move.end();
    if (end != null) {
      tx.facts().end(List.of(end));
    }
    Place next = move.next();
    if (next != null) {
      tx.places().put(List.of(next));
    } else if (end != null) {
      count(end.task(), end.state());
      if (before.run().marks().has(Marks.DEPENDANTS)) {
        tellDependants(List.of(end.task()), end.state());
      }
    }
  }

  private void count(TaskId task, TaskState state) {
    tx.facts().count(List.of(new Tally(definition(task).address().queue(), state, 1)));
  }

  private void tellDependants(List<TaskId> ended, TaskState state) {
    if (ended.isEmpty()) {
      return;
    }
    Map<TaskId, Integer> satisfied = new TreeMap<>();
    Map<TaskId, TaskId> failed = new TreeMap<>();
    for (Edge edge : tx.dependencies().downstream(ended, null, ALL)) {
      if (state == TaskState.COMPLETED || !edge.required()) {
        satisfied.merge(edge.downstream(), 1, Integer::sum);
      } else {
        failed.put(edge.downstream(), edge.upstream());
      }
    }
    release(satisfied);
    failed.forEach(this::fail);
  }

  private void release(Map<TaskId, Integer> satisfied) {
    var free = new TreeSet<TaskId>();
    tx.dependencies().satisfy(satisfied).forEach((task, open) -> {
      if (open <= 0) {
        free.add(task);
      }
    });
    for (Place place : new ArrayList<>(tx.places().takeWaiting(free))) {
      TaskDefinition task = definition(place.run().task());
      apply(place, Lifecycle.unblock(task, (Place.Blocked) place, tx.now()));
    }
  }

  private void fail(TaskId downstream, TaskId upstream) {
    for (Place place : tx.places().takeWaiting(List.of(downstream))) {
      apply(place, Lifecycle.upstreamFailed(place, upstream, tx.now()));
    }
  }
}
