package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;

import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ways to be wrong in how a run ends. */
@SuppressWarnings("unchecked")
final class RunFlaws {

  private static final int ALL = 500;

  private RunFlaws() {}

  private static Flaw runs(String what, String rule, String method, Broken.InsteadInTx instead) {
    return new Flaw(what, Flawed.Runs.class, rule, inTx("runs", method, instead));
  }

  static Stream<Flaw> ofRuns() {
    return Stream.concat(ofCompletions(), ofTakes());
  }

  private static Stream<Flaw> ofCompletions() {
    return Stream.of(
        runs(
            "complete without fence",
            "complete_leavesARunAloneThatIsNoLongerCurrent",
            "complete",
            RunFlaws::completeWithoutFence),
        runs("complete that always says yes", "complete_endsARunOnce", "complete", RunFlaws::yes),
        runs(
            "complete without result",
            "complete_endsTheTaskWithItsResult",
            "complete",
            (tx, args) -> tx.runs()
                .complete(((Collection<Completion>) args[0])
                    .stream().map(RunFlaws::resultless).toList())),
        runs(
            "complete that overlooks marks",
            "complete_leavesARunAloneThatOthersDependOn",
            "complete",
            RunFlaws::completeAwaited),
        new Flaw(
            "complete that does not count",
            Flawed.Stats.class,
            "stats_countWhatACompletionEnds_andNothingElse",
            inTx("runs", "complete", (tx, args) -> ended(tx, (Collection<Completion>) args[0]))),
        runs(
            "take without fence",
            "take_removesByTaskAndRun",
            "take",
            (tx, args) -> tx.runs()
                .take(current(
                    tx,
                    ((Collection<RunKey>) args[0]).stream().map(RunKey::task).toList()))),
        runs(
            "takeOf without limit",
            "takeOf_takesWhatOneSessionHolds",
            "takeOf",
            (tx, args) -> tx.runs().takeOf((SessionId) args[0], ALL)));
  }

  private static Stream<Flaw> ofTakes() {
    return Stream.of(
        runs(
            "takeOverdue that takes nothing",
            "takeOverdue_takesRunsWhoseDeadlineHasPassed",
            "takeOverdue",
            (tx, args) -> List.of()),
        runs(
            "takeOverdue without limit",
            "takeOverdue_keepsToTheLimit",
            "takeOverdue",
            (tx, args) -> tx.runs().takeOverdue(ALL)),
        runs(
            "replace that forgets progress", "replace_writesEveryMember", "replace", (tx, args) -> {
              tx.runs()
                  .replace(((Collection<Held>) args[0])
                      .stream().map(RunFlaws::progressless).toList());
              return null;
            }),
        runs(
            "replace without fence",
            "replace_leavesARunAloneThatIsNoLongerCurrent",
            "replace",
            RunFlaws::replaceWithoutFence));
  }

  private static List<RunKey> current(StorageTx tx, List<TaskId> tasks) {
    return tx.runs().lock(tasks).stream().map(held -> held.run().key()).toList();
  }

  private static Object completeWithoutFence(StorageTx tx, Object[] args) {
    Set<RunKey> ended = new HashSet<>();
    for (Completion completion : (Collection<Completion>) args[0]) {
      for (RunKey key : current(tx, List.of(completion.key().task()))) {
        ended.addAll(tx.runs()
            .complete(List.of(new Completion(key, completion.queue(), completion.outcome()))));
      }
    }
    return ended;
  }

  private static Object yes(StorageTx tx, Object[] args) {
    var completions = (Collection<Completion>) args[0];
    tx.runs().complete(completions);
    return completions.stream().map(Completion::key).collect(Collectors.toSet());
  }

  private static Object completeAwaited(StorageTx tx, Object[] args) {
    var completions = (Collection<Completion>) args[0];
    Set<RunKey> ended = new HashSet<>(tx.runs().complete(completions));
    ended.addAll(ended(tx, completions));
    return ended;
  }

  /** Ends them as another end is written, and counts nothing. */
  private static Set<RunKey> ended(StorageTx tx, Collection<Completion> completions) {
    Set<RunKey> ended = new HashSet<>();
    for (Completion completion : completions) {
      for (Held held : tx.runs().take(List.of(completion.key()))) {
        tx.facts()
            .end(List.of(Objects.requireNonNull(
                Settlement.complete(held, completion.outcome()).end())));
        ended.add(completion.key());
      }
    }
    return ended;
  }

  private static Completion resultless(Completion completion) {
    Outcome.Completed outcome = completion.outcome();
    return new Completion(
        completion.key(),
        completion.queue(),
        new Outcome.Completed(Json.NULL, outcome.beganAt(), outcome.endedAt()));
  }

  private static Held progressless(Held held) {
    return new Held(
        held.run(), held.lease(), held.startedAt(), held.deadline(), held.cancelReason(), null);
  }

  private static Object replaceWithoutFence(StorageTx tx, Object[] args) {
    for (Held held : (Collection<Held>) args[0]) {
      Run run = held.run();
      for (RunKey key : current(tx, List.of(run.task()))) {
        tx.runs()
            .replace(List.of(held.with(new Run(key, run.attempt(), run.version(), run.marks()))));
      }
    }
    return null;
  }

  static Stream<Flaw> ofRaces() {
    return Stream.concat(ofFences(), ofMills());
  }

  private static Stream<Flaw> ofFences() {
    Class<Flawed.FenceRace> fences = Flawed.FenceRace.class;
    return Stream.of(
        new Flaw(
            "complete without fence",
            fences,
            "completion_ofAnEarlierRun_isStaleThoughASiblingOfItsClaimIsOpen",
            inTx("runs", "complete", RunFlaws::completeWithoutFence)),
        new Flaw(
            "complete that always says yes",
            fences,
            "completion_duringAReclaim_isStale",
            inTx("runs", "complete", RunFlaws::yes)),
        new Flaw(
            "complete that overlooks marks",
            fences,
            "completion_duringAMark_leavesTheRunWithTheMark",
            inTx("runs", "complete", RunFlaws::completeAwaited)),
        new Flaw(
            "claim that repeats no request",
            fences,
            "claim_duringTheSameRequest_givesTheSameTasks",
            ClaimFlaws.claiming(new ClaimFlaws.NewRequests())),
        new Flaw(
            "replace that forgets the cancel",
            Flawed.CancelRace.class,
            "failure_duringACancelThatIsAsked_isTheCancellation",
            inTx("runs", "replace", (tx, args) -> null)),
        new Flaw(
            "take that leaves the row",
            Flawed.CancelRace.class,
            "cancel_duringAClaim_reachesTheTask",
            inTx("runs", "take", (tx, args) -> List.of())));
  }

  private static Stream<Flaw> ofMills() {
    Class<Flawed.FenceRace> fences = Flawed.FenceRace.class;
    return Stream.of(
        new Flaw(
            "reclaim that finds nothing",
            fences,
            "claim_duringTheNextSessionOfItsNode_strandsNothing",
            inTx("runs", "takeOf", (tx, args) -> List.of())),
        new Flaw(
            "end that is forgotten",
            fences,
            "completion_whoseOutcomeWasUnknown_isRecognised",
            inTx("facts", "ends", (tx, args) -> Map.<RunKey, RunEnd>of())),
        new Flaw(
            "complete that always says yes",
            Flawed.Race.class,
            "race_losesNothingAndEndsNothingTwice",
            inTx("runs", "complete", RunFlaws::yes)),
        new Flaw(
            "take that leaves the row",
            Flawed.Race.class,
            "race_losesNothingAndEndsNothingTwice",
            inTx("runs", "take", RunFlaws::takeButKeep)));
  }

  private static Object takeButKeep(StorageTx tx, Object[] args) {
    var keys = (Collection<RunKey>) args[0];
    return tx.runs().lock(keys.stream().map(RunKey::task).toList());
  }
}
