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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Ends runs that this node holds, as their handlers ended. A run whose fence is no longer current
 * changes nothing. Safe for concurrent use.
 */
public final class SettleRuns {

  private static final Answer ACCEPTED = new Answer.Accepted();
  private static final Answer STALE = new Answer.Stale();

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
      Map<RunKey, Settle> open = new HashMap<>();
      settles.forEach(settle -> open.put(settle.key(), settle));
      complete(ledger, settles, open);
      settleOthers(ledger, settles, open);
      leaveSettled(tx, open);
      return new Done(open.keySet(), ledger.effects());
    });
    committed.accept(done.effects);
    List<Answer> answers = new ArrayList<>(settles.size());
    settles.forEach(s -> answers.add(done.stale.contains(s.key()) ? STALE : ACCEPTED));
    return answers;
  }

  private record Done(Set<RunKey> stale, Ledger.Effects effects) {}

  /** Takes those that it ends out of the open ones. */
  private static void complete(Ledger ledger, List<Settle> settles, Map<RunKey, Settle> open) {
    List<Completion> completions = new ArrayList<>(settles.size());
    for (Settle settle : settles) {
      if (settle.outcome() instanceof Outcome.Completed completed) {
        completions.add(new Completion(settle.key(), completed));
      }
    }
    if (completions.isEmpty()) {
      return;
    }
    List<Run> ended = ledger.tx().runs().complete(completions);
    List<Dependants.Ended> upstream = new ArrayList<>();
    Map<QueueName, Long> perQueue = new HashMap<>();
    for (Run run : ended) {
      Settle settle = Objects.requireNonNull(open.remove(run.key()));
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
  }

  private void settleOthers(Ledger ledger, List<Settle> settles, Map<RunKey, Settle> open) {
    Set<RunKey> keys = new TreeSet<>();
    for (Settle settle : settles) {
      if (!(settle.outcome() instanceof Outcome.Completed)) {
        keys.add(settle.key());
      }
    }
    if (keys.isEmpty()) {
      return;
    }
    List<Held> taken = ledger.tx().runs().take(keys);
    var now = ledger.tx().now();
    List<Ledger.Entry> entries = new ArrayList<>();
    for (Held held : taken) {
      Settle settle = Objects.requireNonNull(open.remove(held.run().key()));
      Move move = Settlement.settle(settle.task(), held, settle.outcome(), now, random);
      entries.add(new Ledger.Entry(settle.task(), held.run().marks(), move));
    }
    ledger.carryOut(entries);
  }

  /** Leaves out what an earlier try has settled although its answer was lost. */
  private static void leaveSettled(StorageTx tx, Map<RunKey, Settle> open) {
    if (open.isEmpty()) {
      return;
    }
    tx.facts().ends(new TreeSet<>(open.keySet())).values().stream()
        .filter(end -> isSame(end, Objects.requireNonNull(open.get(end.key()))))
        .forEach(end -> open.remove(end.key()));
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
