package dev.holdfast.testkit.harness;

import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** Counts runs that the storage ended as completed, and tells their dependants. */
  List<RunKey> completed(List<Run> ended) {
    ended.forEach(run -> count(run.task(), TaskState.COMPLETED));
    tellDependants(
        ended.stream()
            .filter(run -> run.marks().has(Marks.DEPENDANTS))
            .map(Run::task)
            .toList(),
        TaskState.COMPLETED);
    return ended.stream().map(Run::key).toList();
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
