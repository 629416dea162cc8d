package dev.holdfast.application.task;

import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells the dependants of ended tasks: whose last open dependency was satisfied becomes pending,
 * whose required one ended badly is cancelled, and so on down the graph.
 *
 * <p>At most {@link #MAX_EDGES} edges are followed in the transaction that ended the first task;
 * what is further down is deferred and worked off by {@link WorkOffDeferred} in transactions of its
 * own, so that a crash leaves it there.
 */
final class Dependants {

  /** How many edges one transaction follows. */
  static final int MAX_EDGES = 1000;

  private final Ledger ledger;
  private final StorageTx tx;

  Dependants(Ledger ledger) {
    this.ledger = ledger;
    this.tx = ledger.tx();
  }

  /** A task that ended, and how. */
  record Ended(TaskId task, TaskState state) {}

  void afterEnds(List<Ended> ends) {
    int budget = MAX_EDGES;
    List<Ended> level = ends;
    while (!level.isEmpty()) {
      Map<TaskId, TaskState> states = new TreeMap<>();
      level.forEach(end -> states.put(end.task(), end.state()));
      List<Edge> edges = tx.dependencies().downstream(states.keySet(), null, budget + 1);
      if (edges.size() > budget) {
        defer(states.keySet().stream().map(up -> new Deferred(up, null)).toList());
        return;
      }
      budget -= edges.size();
      level = follow(edges, states);
    }
  }

  /**
   * Handles one stretch of the dependants of one deferred task.
   *
   * @param lives whether the task was replayed since: then it cancels nobody
   */
  void workOff(Deferred deferred, TaskState state, boolean lives) {
    TaskId up = deferred.upstream();
    List<Edge> edges = tx.dependencies().downstream(List.of(up), deferred.after(), MAX_EDGES);
    if (edges.size() == MAX_EDGES) {
      TaskId last = edges.get(edges.size() - 1).downstream();
      defer(List.of(new Deferred(up, last)));
    }
    List<Edge> due = lives ? edges.stream().filter(edge -> !edge.required()).toList() : edges;
    afterEnds(follow(due, Map.of(up, state)));
  }

  private void defer(List<Deferred> later) {
    tx.dependencies().defer(later);
    ledger.deferred();
  }

  /** One level: returns the dependants that ended with it and have dependants of their own. */
  private List<Ended> follow(List<Edge> edges, Map<TaskId, TaskState> states) {
    Map<TaskId, TaskId> failing = new TreeMap<>();
    Map<TaskId, Integer> satisfied = new TreeMap<>();
    for (Edge edge : edges) {
      boolean isMet = !edge.required() || states.get(edge.upstream()) == TaskState.COMPLETED;
      if (isMet) {
        satisfied.merge(edge.downstream(), 1, Integer::sum);
      } else {
        failing.putIfAbsent(edge.downstream(), edge.upstream());
      }
    }
    satisfied.keySet().removeAll(failing.keySet());
    Map<TaskId, TaskId> moving = new TreeMap<>(failing);
    List<TaskId> freed = new ArrayList<>();
    if (!satisfied.isEmpty()) {
      tx.dependencies().satisfy(satisfied).forEach((task, open) -> addIf(open <= 0, task, freed));
    }
    return move(moving, freed);
  }

  private static void addIf(boolean isFree, TaskId task, List<TaskId> freed) {
    if (isFree) {
      freed.add(task);
    }
  }

  private List<Ended> move(Map<TaskId, TaskId> failing, List<TaskId> freed) {
    List<TaskId> all = new ArrayList<>(freed);
    all.addAll(failing.keySet());
    if (all.isEmpty()) {
      return List.of();
    }
    all.sort(null);
    List<Place> taken = tx.places().takeWaiting(all);
    List<Place.Blocked> blocked = new ArrayList<>();
    List<Place> others = new ArrayList<>();
    for (Place place : taken) {
      if (place instanceof Place.Blocked one) {
        blocked.add(one);
      } else {
        others.add(place);
      }
    }
    if (!others.isEmpty()) {
      tx.places().put(others);
    }
    Instant now = tx.now();
    List<Ledger.Entry> entries = ledger.entries(
        blocked, (task, one) -> moveOf(task, one, failing.get(one.run().task()), now));
    ledger.write(entries);
    return entries.stream()
        .filter(e -> e.move().to().isTerminal() && e.marks().has(Marks.DEPENDANTS))
        .map(e -> new Ended(e.id(), e.move().to()))
        .toList();
  }

  private static Move moveOf(
      TaskDefinition task, Place.Blocked blocked, @Nullable TaskId failedUpstream, Instant now) {
    return failedUpstream == null
        ? Lifecycle.unblock(task, blocked, now)
        : Lifecycle.upstreamFailed(blocked, failedUpstream, now);
  }
}
