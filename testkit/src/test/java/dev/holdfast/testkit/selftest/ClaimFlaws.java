package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.port.tx.ClaimAnswer.Claimed;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Ways to be wrong in who gets a task. */
@SuppressWarnings("unchecked")
final class ClaimFlaws {

  private static final int ALL = 500;

  private ClaimFlaws() {}

  private static Flaw claims(
      String what, String rule, BiFunction<StorageTx, ClaimRequest, ClaimAnswer> instead) {
    return new Flaw(what, Flawed.Claim.class, rule, claiming(instead));
  }

  static UnaryOperator<Storage> claiming(BiFunction<StorageTx, ClaimRequest, ClaimAnswer> instead) {
    return inTx("runs", "claim", (tx, args) -> instead.apply(tx, (ClaimRequest) args[0]));
  }

  static Stream<Flaw> ofClaims() {
    return Stream.concat(ofOrder(), ofAnswers());
  }

  private static Stream<Flaw> ofOrder() {
    return Stream.of(
        claims("claim that ignores priority", "claim_handsOutByPriorityFirst", ClaimFlaws::byId),
        claims(
            "claim that ignores due times",
            "claim_handsOutByDueTimeWithinAPriority",
            ClaimFlaws::byId),
        claims(
            "claim that ignores ids",
            "claim_handsOutByIdWithinADueTime",
            (tx, request) -> reordered(
                tx.runs().claim(request), Comparator.comparing(ClaimFlaws::id).reversed())),
        claims("claim lane by lane", "claim_mergesLanesInTheirOrder", ClaimFlaws::laneByLane),
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
            new OneSession()));
  }

  private static Stream<Flaw> ofAnswers() {
    return Stream.of(
        claims(
            "claim that stays silent about the end",
            "claim_givesNothingToASessionThatEnded",
            ClaimFlaws::silent),
        claims(
            "claim that stays silent about old heartbeats",
            "claim_givesNothingToASessionWhoseHeartbeatIsTooOld",
            ClaimFlaws::silent),
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
    return reordered(tx.runs().claim(request), Comparator.comparing(ClaimFlaws::id));
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

  static final class NewRequests implements BiFunction<StorageTx, ClaimRequest, ClaimAnswer> {

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
}
