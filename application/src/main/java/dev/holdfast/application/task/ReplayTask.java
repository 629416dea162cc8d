package dev.holdfast.application.task;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts an ended task anew, and revives exactly those dependants that its bad end had cancelled
 * and that no other required dependency holds back. Safe for concurrent use.
 */
public final class ReplayTask {

  /** How many edges one replay follows to revive dependants. */
  static final int MAX_EDGES = 100_000;

  private static final int MAX_LOOKS = 50;

  private final Storage storage;
  private final WorkOffDeferred deferred;
  private final Consumer<Ledger.Effects> committed;

  /** Replays on a storage; {@code committed} is told what each transaction did. */
  public ReplayTask(Storage storage, Consumer<Ledger.Effects> committed) {
    this.storage = storage;
    this.deferred = new WorkOffDeferred(storage, committed);
    this.committed = committed;
  }

  /** Replays; see {@link dev.holdfast.application.engine.Tasks#replay}. */
  public ReplayAnswer replay(TaskId task) {
    // What an end has left for later must be done before that end is taken back.
    deferred.workOff();
    for (int look = 0; look < MAX_LOOKS; look++) {
      Done done = storage.transact(tx -> {
        Ledger ledger = new Ledger(tx);
        return new Done(new Replay(ledger).of(task), ledger.effects());
      });
      committed.accept(done.effects);
      Optional<ReplayAnswer> answer = done.answer.or(() -> live(task));
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    throw new StorageUnavailable(
        "task " + task + " kept moving", new IllegalStateException("no stable state"));
  }

  private Optional<ReplayAnswer> live(TaskId task) {
    return Optional.ofNullable(storage.tasks().states(List.of(task)).get(task))
        .filter(state -> !state.isTerminal())
        .map(ReplayAnswer.NotReplayable::new);
  }

  private record Done(Optional<ReplayAnswer> answer, Ledger.Effects effects) {}

  /** One replay under way. */
  private static final class Replay {

    private final Ledger ledger;
    private final StorageTx tx;
    private final Set<TaskId> revived = new HashSet<>();

    Replay(Ledger ledger) {
      this.ledger = ledger;
      this.tx = ledger.tx();
    }

    /** Empty when the task lives: the caller says in which state. */
    Optional<ReplayAnswer> of(TaskId task) {
      tx.facts().lock(List.of(task), true);
      if (tx.facts().definitions(List.of(task)).isEmpty()) {
        return Optional.of(new ReplayAnswer.Unknown());
      }
      Map<TaskId, RunEnd> ends = endsOf(new TreeSet<>(Set.of(task)));
      RunEnd last = ends.get(task);
      if (last == null) {
        return Optional.empty();
      }
      if (last.state() == TaskState.COMPLETED) {
        return Optional.of(new ReplayAnswer.NotReplayable(TaskState.COMPLETED));
      }
      Links links = links(ends.keySet());
      Edge bad = links.firstBad(task);
      if (bad != null) {
        return Optional.of(
            new ReplayAnswer.UpstreamBad(bad.upstream(), links.endOf(bad.upstream())));
      }
      TaskState next = Objects.requireNonNull(revive(ends, links).get(task));
      reviveDependants(task);
      return Optional.of(new ReplayAnswer.Replayed(next));
    }

    private void reviveDependants(TaskId root) {
      Set<TaskId> level = Set.of(root);
      int budget = MAX_EDGES;
      while (!level.isEmpty() && budget > 0) {
        List<Edge> edges = tx.dependencies().downstream(level, null, budget);
        budget -= edges.size();
        Set<TaskId> candidates = new TreeSet<>();
        edges.stream().filter(Edge::required).forEach(e -> candidates.add(e.downstream()));
        candidates.removeAll(revived);
        waitAgain(edges);
        level = candidates.isEmpty() ? Set.of() : reviveCancelled(candidates);
      }
    }

    /**
     * The bad end had met optional edges, and the next end will meet them again: for those that
     * still wait for others, the number of open dependencies goes up by what it will go down.
     */
    private void waitAgain(List<Edge> edges) {
      Map<TaskId, Integer> raised = new TreeMap<>();
      edges.stream()
          .filter(edge -> !edge.required())
          .forEach(edge -> raised.merge(edge.downstream(), -1, Integer::sum));
      if (!raised.isEmpty()) {
        tx.dependencies().satisfy(raised);
      }
    }

    private Set<TaskId> reviveCancelled(Set<TaskId> candidates) {
      tx.facts().lock(candidates, true);
      Map<TaskId, RunEnd> ends = endsOf(candidates);
      ends.values().removeIf(end -> end.kind() != RunEnd.Kind.UPSTREAM_FAILED);
      Links links = links(ends.keySet());
      ends.keySet().removeIf(task -> links.firstBad(task) != null);
      return ends.isEmpty() ? Set.of() : revive(ends, links).keySet();
    }

    /** The last ends of those that have no place; their rows are locked, so they stay ended. */
    private Map<TaskId, RunEnd> endsOf(Set<TaskId> tasks) {
      tasks.removeAll(tx.places().mark(tasks, Marks.NONE));
      return tasks.isEmpty() ? new TreeMap<>() : new TreeMap<>(tx.facts().lastEnds(tasks));
    }

    private Links links(Set<TaskId> tasks) {
      List<Edge> edges =
          tasks.isEmpty() ? List.of() : tx.dependencies().upstream(List.copyOf(tasks));
      Upstreams states = new Upstreams(tx);
      Set<TaskId> upstream = new TreeSet<>();
      edges.forEach(edge -> upstream.add(edge.upstream()));
      states.settleStates(upstream);
      return new Links(edges, states);
    }

    private Map<TaskId, TaskState> revive(Map<TaskId, RunEnd> ends, Links links) {
      List<TaskId> ids = List.copyOf(ends.keySet());
      Map<TaskId, TaskDefinition> definitions = tx.facts().definitions(ids);
      Instant now = tx.now();
      Map<TaskId, TaskState> states = new TreeMap<>();
      Map<TaskId, Instant> expiries = new TreeMap<>();
      List<Ledger.Entry> entries = new ArrayList<>();
      definitions.forEach((id, task) -> {
        RunEnd last = Objects.requireNonNull(ends.get(id));
        // Marked whether or not anybody depends on it: one look too many at its next end.
        Move move = Lifecycle.replay(task, last, links.open(id), Marks.DEPENDANTS, now);
        entries.add(new Ledger.Entry(task, Marks.NONE, move));
        states.put(id, move.to());
        Instant expiry = task.expiryFrom(now);
        if (expiry != null) {
          expiries.put(id, expiry);
        }
      });
      ledger.carryOut(entries);
      if (!expiries.isEmpty()) {
        tx.places().expireAt(expiries);
      }
      revived.addAll(ids);
      return states;
    }
  }

  /** What some ended tasks depend on, and how that stands. */
  private record Links(List<Edge> edges, Upstreams states) {

    @Nullable
    Edge firstBad(TaskId task) {
      return edges.stream()
          .filter(edge -> edge.downstream().equals(task) && edge.required())
          .filter(edge -> {
            TaskState end = states.endOf(edge.upstream());
            return end != null && end != TaskState.COMPLETED;
          })
          .findFirst()
          .orElse(null);
    }

    int open(TaskId task) {
      return (int) edges.stream()
          .filter(edge -> edge.downstream().equals(task))
          .filter(edge -> states.endOf(edge.upstream()) == null)
          .count();
    }

    TaskState endOf(TaskId upstream) {
      return Objects.requireNonNull(states.endOf(upstream));
    }
  }
}
