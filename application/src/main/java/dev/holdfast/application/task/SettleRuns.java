package dev.holdfast.application.task;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Place.Lease;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Ends runs that this node holds, as their handlers ended. A run whose fence is no longer current
 * changes nothing. Safe for concurrent use.
 */
public final class SettleRuns {

  private final Storage storage;
  private final RandomGenerator random;
  private final Consumer<Ledger.Effects> committed;

  /** Settles on a storage; {@code committed} is told what each transaction did. */
  public SettleRuns(Storage storage, RandomGenerator random, Consumer<Ledger.Effects> committed) {
    this.storage = storage;
    this.random = random;
    this.committed = committed;
  }

  /** The end of one run, as its worker says. */
  public record Settle(TaskDefinition task, RunKey key, Lease lease, Outcome outcome) {}

  /** What became of it. */
  public sealed interface Answer {

    /** The word was accepted, now or by an earlier try whose answer was lost. */
    record Accepted() implements Answer {}

    /** The run was no longer this worker's. */
    record Stale() implements Answer {}
  }

  /** Settles runs in one transaction, of which no two are of the same task. */
  public List<Answer> settle(List<Settle> settles) {
    Done done = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      Set<RunKey> accepted = new HashSet<>(complete(ledger, settles));
      accepted.addAll(others(ledger, settles));
      accepted.addAll(before(tx, settles, accepted));
      return new Done(accepted, ledger.effects());
    });
    committed.accept(done.effects);
    return settles.stream()
        .<Answer>map(
            s -> done.accepted.contains(s.key()) ? new Answer.Accepted() : new Answer.Stale())
        .toList();
  }

  private record Done(Set<RunKey> accepted, Ledger.Effects effects) {}

  private static List<RunKey> complete(Ledger ledger, List<Settle> settles) {
    Map<RunKey, Settle> byKey = new TreeMap<>();
    List<Completion> completions = new ArrayList<>();
    for (Settle settle : settles) {
      if (settle.outcome() instanceof Outcome.Completed completed) {
        byKey.put(settle.key(), settle);
        completions.add(new Completion(settle.key(), completed));
      }
    }
    if (completions.isEmpty()) {
      return List.of();
    }
    List<Run> ended = ledger.tx().runs().complete(completions);
    List<Dependants.Ended> upstream = new ArrayList<>();
    Map<QueueName, Long> perQueue = new HashMap<>();
    for (Run run : ended) {
      Settle settle = Objects.requireNonNull(byKey.get(run.key()));
      perQueue.merge(settle.task().address().queue(), 1L, Long::sum);
      ledger.ended(run.task(), TaskState.COMPLETED);
      if (run.marks().has(Marks.DEPENDANTS)) {
        upstream.add(new Dependants.Ended(run.task(), TaskState.COMPLETED));
      }
    }
    if (!ended.isEmpty()) {
      ledger
          .tx()
          .facts()
          .count(perQueue.entrySet().stream()
              .map(e -> new Tally(e.getKey(), TaskState.COMPLETED, e.getValue()))
              .toList());
      new Dependants(ledger).afterEnds(upstream);
    }
    return ended.stream().map(Run::key).toList();
  }

  private List<RunKey> others(Ledger ledger, List<Settle> settles) {
    Map<RunKey, Settle> byKey = new TreeMap<>();
    settles.stream()
        .filter(settle -> !(settle.outcome() instanceof Outcome.Completed))
        .forEach(settle -> byKey.put(settle.key(), settle));
    if (byKey.isEmpty()) {
      return List.of();
    }
    List<Held> taken = ledger.tx().runs().take(byKey.keySet());
    var now = ledger.tx().now();
    List<Ledger.Entry> entries = new ArrayList<>();
    for (Held held : taken) {
      Settle settle = Objects.requireNonNull(byKey.get(held.run().key()));
      Move move = Settlement.settle(settle.task(), held, settle.outcome(), now, random);
      entries.add(new Ledger.Entry(settle.task(), held.run().marks(), move));
    }
    ledger.carryOut(entries);
    return taken.stream().map(held -> held.run().key()).toList();
  }

  /** Those that an earlier try has settled although its answer was lost. */
  private static List<RunKey> before(StorageTx tx, List<Settle> settles, Set<RunKey> accepted) {
    Map<RunKey, Settle> missed = new TreeMap<>();
    settles.stream()
        .filter(settle -> !accepted.contains(settle.key()))
        .forEach(settle -> missed.put(settle.key(), settle));
    if (missed.isEmpty()) {
      return List.of();
    }
    return tx.facts().ends(missed.keySet()).values().stream()
        .filter(end -> isSame(end, Objects.requireNonNull(missed.get(end.key()))))
        .map(RunEnd::key)
        .toList();
  }

  private static boolean isSame(RunEnd end, Settle settle) {
    boolean isSameLease =
        end.lease() != null && end.lease().claim().equals(settle.lease().claim());
    return isSameLease
        && switch (settle.outcome()) {
          case Outcome.Completed c -> end.kind() == RunEnd.Kind.COMPLETED;
          case Outcome.Failed f ->
            end.kind() == RunEnd.Kind.FAILED || end.kind() == RunEnd.Kind.CANCELLED;
          case Outcome.Released r ->
            end.kind() == RunEnd.Kind.RELEASED || end.kind() == RunEnd.Kind.CANCELLED;
          case Outcome.Suspended s ->
            end.kind() == RunEnd.Kind.SUSPENDED || end.kind() == RunEnd.Kind.CANCELLED;
        };
  }
}
