package dev.holdfast.application.task;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Place.Lease;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.task.TaskDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
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

  /**
   * Settles runs, of which no two are of the same task: completions that nobody depends on by one
   * call, and the others in one transaction.
   */
  public List<Answer> settle(List<Settle> settles) {
    Set<RunKey> completed = complete(settles);
    if (completed.size() == settles.size()) {
      return Collections.nCopies(settles.size(), ACCEPTED);
    }
    List<Settle> others =
        settles.stream().filter(settle -> !completed.contains(settle.key())).toList();
    Set<RunKey> stale = settleOthers(others);
    return settles.stream()
        .map(settle -> stale.contains(settle.key()) ? STALE : ACCEPTED)
        .toList();
  }

  private Set<RunKey> complete(List<Settle> settles) {
    List<Completion> completions = new ArrayList<>(settles.size());
    for (Settle settle : settles) {
      if (settle.outcome() instanceof Outcome.Completed completed) {
        completions.add(new Completion(settle.key(), settle.task().address().queue(), completed));
      }
    }
    if (completions.isEmpty()) {
      return Set.of();
    }
    Set<RunKey> ended = storage.atOnce(tx -> tx.runs().complete(completions));
    committed.accept(Ledger.Effects.ofCompletions(ended));
    return ended;
  }

  /** Answers those that were not held any more. */
  private Set<RunKey> settleOthers(List<Settle> settles) {
    Done done = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      Map<RunKey, Settle> open = new TreeMap<>();
      settles.forEach(settle -> open.put(settle.key(), settle));
      take(ledger, open);
      leaveSettled(tx, open);
      return new Done(open.keySet(), ledger.effects());
    });
    committed.accept(done.effects);
    return done.stale;
  }

  private record Done(Set<RunKey> stale, Ledger.Effects effects) {}

  /** Takes those that it ends out of the open ones. */
  private void take(Ledger ledger, Map<RunKey, Settle> open) {
    List<Held> taken = ledger.tx().runs().take(open.keySet());
    if (taken.isEmpty()) {
      return;
    }
    Instant now = ledger.tx().now();
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
