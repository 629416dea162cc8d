package dev.holdfast.simulator.mutant;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.history.Steps;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Storages whose leases are wrong. */
final class LeaseMutants {

  private LeaseMutants() {}

  /** A completion counts by its task, whichever run it speaks of. */
  static Storage noFence(Storage real) {
    return Bent.transactions(
        real,
        tx -> Bent.runs(
            tx, "complete", (runs, arguments) -> completeAny(runs, completions(arguments))));
  }

  @SuppressWarnings("unchecked")
  private static Collection<Completion> completions(Object[] arguments) {
    return (Collection<Completion>) arguments[0];
  }

  private static Set<RunKey> completeAny(Runs runs, Collection<Completion> completions) {
    Map<TaskId, RunKey> asked = new HashMap<>();
    completions.forEach(one -> asked.put(one.key().task(), one.key()));
    List<Completion> current = new ArrayList<>();
    for (Completion one : completions) {
      for (Held held : runs.lock(List.of(one.key().task()))) {
        current.add(new Completion(held.run().key(), one.queue(), one.outcome()));
      }
    }
    return runs.complete(current).stream()
        .map(run -> asked.get(run.task()))
        .collect(Collectors.toSet());
  }

  /** A claim that is asked for again is another claim. */
  static Storage claimRequestIgnored(Storage real, AtomicLong requests) {
    return claims(
        real,
        asked -> new ClaimRequest(
            asked.session(), requests.incrementAndGet(), asked.lanes(), asked.limit()));
  }

  /** A claim takes whatever is there. */
  static Storage overClaim(Storage real) {
    return claims(
        real,
        asked -> new ClaimRequest(
            asked.session(), asked.request(), asked.lanes(), ClaimRequest.MAX_LIMIT));
  }

  /** Another request than the one asked for. */
  private interface Instead {
    ClaimRequest of(ClaimRequest asked);
  }

  private static Storage claims(Storage real, Instead instead) {
    return Bent.transactions(
        real,
        tx -> Bent.runs(
            tx, "claim", (runs, arguments) -> runs.claim(instead.of((ClaimRequest) arguments[0]))));
  }

  /** A start is not recorded: only a failure counts as an attempt. */
  static Storage attemptAtFailure(Storage real) {
    return Bent.transactions(real, tx -> withoutReplace(withoutNotes(tx)));
  }

  @SuppressWarnings("unchecked")
  private static StorageTx withoutNotes(StorageTx tx) {
    return Bent.facts(tx, "note", (facts, arguments) -> {
      Collection<Note> notes = (Collection<Note>) arguments[0];
      boolean isStartOnly = notes.stream().allMatch(one -> one.kind() == Note.Kind.STARTED);
      return isStartOnly ? Set.of() : facts.note(notes);
    });
  }

  @SuppressWarnings("unchecked")
  private static StorageTx withoutReplace(StorageTx tx) {
    return Bent.runs(tx, "replace", (runs, arguments) -> {
      Collection<Held> locked = (Collection<Held>) arguments[0];
      if (locked.stream().anyMatch(one -> one.progress() != null || one.cancelReason() != null)) {
        runs.replace(locked);
      }
      return null;
    });
  }

  /** A loss counts as an attempt whether or not it had started. */
  static Storage unstartedCounts(Storage real) {
    return Bent.transactions(
        real,
        tx -> Bent.runs(
            tx,
            "takeOf",
            (runs, arguments) -> runs.takeOf((SessionId) arguments[0], (int) arguments[1]).stream()
                .map(held -> held.startedAt() != null
                    ? held
                    : held.started(held.run().version(), tx.now(), null))
                .toList()));
  }

  /** A key that was taken before is taken again. */
  static Storage keyIgnored(Storage real) {
    return Bent.transactions(
        real, tx -> Bent.submissions(tx, "takeKeys", (submissions, arguments) -> List.of()));
  }

  /** What a step came to is not there for the next run. */
  static Storage stepsForgotten(Storage real) {
    return Bent.transactions(
        real,
        tx -> Bent.replaced(
            StorageTx.class,
            tx,
            "steps",
            (ignored, none) ->
                Bent.replaced(Steps.class, tx.steps(), "of", (steps, arguments) -> Map.of())));
  }
}
