package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.port.tx.ClaimAnswer.Claimed;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Ways to be wrong in who gets a task and how a run ends. */
@SuppressWarnings("unchecked")
final class RunFlaws {

  private static final int ALL = 500;

  private RunFlaws() {}

  private static Flaw claims(
      String what, String rule, BiFunction<StorageTx, ClaimRequest, ClaimAnswer> instead) {
    return new Flaw(what, FlawedTests.Claim.class, rule, claiming(instead));
  }

  private static UnaryOperator<Storage> claiming(
      BiFunction<StorageTx, ClaimRequest, ClaimAnswer> instead) {
    return inTx("runs", "claim", (tx, args) -> instead.apply(tx, (ClaimRequest) args[0]));
  }

  static Stream<Flaw> ofClaims() {
    return Stream.of(
        claims("claim that ignores priority", "claim_handsOutByPriorityFirst", RunFlaws::byId),
        claims(
            "claim that ignores due times",
            "claim_handsOutByDueTimeWithinAPriority",
            RunFlaws::byId),
        claims(
            "claim that ignores ids",
            "claim_handsOutByIdWithinADueTime",
            (tx, request) -> reordered(
                tx.runs().claim(request), Comparator.comparing(RunFlaws::id).reversed())),
        claims("claim lane by lane", "claim_mergesLanesInTheirOrder", RunFlaws::laneByLane),
        claims(
            "claim of one too many",
            "claim_givesExactlyTheLimit",
            (tx, request) -> tx.runs().claim(limited(request, request.limit() + 1))),
        claims(
            "claim of every lane",
            "claim_takesFromTheLanesAskedForOnly",
            (tx, request) -> tx.runs().claim(everyLane(request))),
        claims(
            "claim that repeats no request",
            "claim_answersARepeatedRequestWithTheSameTasks",
            new NewRequests()),
        claims(
            "claim that mixes up sessions",
            "claim_keepsTheRequestsOfSessionsApart",
            new OneSession()),
        claims(
            "claim that stays silent about the end",
            "claim_givesNothingToASessionThatEnded",
            RunFlaws::silent),
        claims(
            "claim that stays silent about old heartbeats",
            "claim_givesNothingToASessionWhoseHeartbeatIsTooOld",
            RunFlaws::silent),
        claims(
            "fence that does not grow",
            "claim_countsTheFenceOverReleasesAndFailures",
            (tx, request) -> fenceless(tx.runs().claim(request))),
        claims(
            "claim that forgets a part",
            "claim_handsOutEverythingThatAHandlerNeeds",
            (tx, request) -> new Claimed(
                Instant.EPOCH,
                assignments(tx.runs().claim(request)).stream()
                    .map(one -> new Assignment(one.definition(), Json.NULL, one.held()))
                    .toList())));
  }

  private static TaskId id(Assignment assignment) {
    return assignment.definition().id();
  }

  private static List<Assignment> assignments(ClaimAnswer answer) {
    return answer instanceof Claimed claimed ? claimed.assignments() : List.of();
  }

  private static ClaimAnswer byId(StorageTx tx, ClaimRequest request) {
    return reordered(tx.runs().claim(request), Comparator.comparing(RunFlaws::id));
  }

  private static ClaimAnswer reordered(ClaimAnswer answer, Comparator<Assignment> order) {
    return new Claimed(Instant.EPOCH, assignments(answer).stream().sorted(order).toList());
  }

  private static ClaimRequest limited(ClaimRequest request, int limit) {
    return new ClaimRequest(
        request.session(), request.request(), request.lanes(), Math.min(ALL, limit));
  }

  private static ClaimRequest everyLane(ClaimRequest request) {
    List<Lane> lanes = new ArrayList<>();
    for (int number = 1; number < 10; number++) {
      for (Lane lane : request.lanes()) {
        lanes.add(new Lane(number, lane.key()));
      }
    }
    return new ClaimRequest(request.session(), request.request(), lanes, request.limit());
  }

  private static ClaimAnswer laneByLane(StorageTx tx, ClaimRequest request) {
    List<Assignment> all = new ArrayList<>();
    long number = request.request() * 1000;
    for (Lane lane : request.lanes()) {
      int left = request.limit() - all.size();
      if (left > 0) {
        var one = new ClaimRequest(request.session(), number++, List.of(lane), left);
        all.addAll(assignments(tx.runs().claim(one)));
      }
    }
    return new Claimed(tx.now(), all);
  }

  private static ClaimAnswer silent(StorageTx tx, ClaimRequest request) {
    return new Claimed(tx.now(), assignments(tx.runs().claim(request)));
  }

  private static ClaimAnswer fenceless(ClaimAnswer answer) {
    return new Claimed(
        Instant.EPOCH,
        assignments(answer).stream()
            .map(one -> {
              Run run = one.held().run();
              RunKey key = new RunKey(run.task(), 1);
              Run first = new Run(key, run.attempt(), run.version(), run.marks());
              return new Assignment(one.definition(), one.payload(), one.held().with(first));
            })
            .toList());
  }

  private static final class NewRequests
      implements BiFunction<StorageTx, ClaimRequest, ClaimAnswer> {

    private long next = 1_000_000;

    @Override
    public ClaimAnswer apply(StorageTx tx, ClaimRequest request) {
      return tx.runs()
          .claim(new ClaimRequest(request.session(), next++, request.lanes(), request.limit()));
    }
  }

  /** Remembers answers by request alone. */
  private static final class OneSession
      implements BiFunction<StorageTx, ClaimRequest, ClaimAnswer> {

    private final Map<Long, ClaimAnswer> answers = new HashMap<>();

    @Override
    public ClaimAnswer apply(StorageTx tx, ClaimRequest request) {
      return answers.computeIfAbsent(request.request(), ignored -> tx.runs().claim(request));
    }
  }

  private static Flaw runs(String what, String rule, String method, Broken.InsteadInTx instead) {
    return new Flaw(what, FlawedTests.Runs.class, rule, inTx("runs", method, instead));
  }

  static Stream<Flaw> ofRuns() {
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
            "complete that forgets marks",
            "complete_answersTheNewestMarksAndVersion",
            "complete",
            RunFlaws::markless),
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
            (tx, args) -> tx.runs().takeOf((SessionId) args[0], ALL)),
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
    List<Run> ended = new ArrayList<>();
    for (Completion completion : (Collection<Completion>) args[0]) {
      for (RunKey key : current(tx, List.of(completion.key().task()))) {
        ended.addAll(tx.runs().complete(List.of(new Completion(key, completion.outcome()))));
      }
    }
    return ended;
  }

  private static Object yes(StorageTx tx, Object[] args) {
    var completions = (Collection<Completion>) args[0];
    tx.runs().complete(completions);
    return completions.stream()
        .map(completion -> new Run(completion.key(), 1, 2, Marks.NONE))
        .toList();
  }

  private static Object markless(StorageTx tx, Object[] args) {
    return tx.runs().complete((Collection<Completion>) args[0]).stream()
        .map(run -> new Run(run.key(), run.attempt(), run.version(), Marks.NONE))
        .toList();
  }

  private static Completion resultless(Completion completion) {
    Outcome.Completed outcome = completion.outcome();
    return new Completion(
        completion.key(), new Outcome.Completed(Json.NULL, outcome.beganAt(), outcome.endedAt()));
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
    Class<FlawedTests.FenceRace> fences = FlawedTests.FenceRace.class;
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
            "complete that forgets marks",
            fences,
            "completion_duringAMark_answersTheMark",
            inTx("runs", "complete", RunFlaws::markless)),
        new Flaw(
            "claim that repeats no request",
            fences,
            "claim_duringTheSameRequest_givesTheSameTasks",
            claiming(new NewRequests())),
        new Flaw(
            "replace that forgets the cancel",
            fences,
            "failure_duringACancelThatIsAsked_isTheCancellation",
            inTx("runs", "replace", (tx, args) -> null)),
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
            FlawedTests.Race.class,
            "race_losesNothingAndEndsNothingTwice",
            inTx("runs", "complete", RunFlaws::yes)),
        new Flaw(
            "take that leaves the row",
            FlawedTests.Race.class,
            "race_losesNothingAndEndsNothingTwice",
            inTx("runs", "take", RunFlaws::takeButKeep)));
  }

  private static Object takeButKeep(StorageTx tx, Object[] args) {
    var keys = (Collection<RunKey>) args[0];
    return tx.runs().lock(keys.stream().map(RunKey::task).toList());
  }
}
