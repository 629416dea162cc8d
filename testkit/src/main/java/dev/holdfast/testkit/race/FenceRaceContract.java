package dev.holdfast.testkit.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two who want the same run: the row decides, and whoever comes second sees its newest version. */
public abstract class FenceRaceContract extends StorageContract {

  private Duel duel() {
    return new Duel(storage());
  }

  private Held held() {
    steps().submit();
    return steps().claimOne(steps().open("a"));
  }

  private static TaskId task(Held held) {
    return held.run().task();
  }

  private TaskState state(Held held) {
    return storage().tasks().find(task(held)).orElseThrow().state();
  }

  private void assertGapless(Held held) {
    assertThat(storage().events().ofTask(task(held), 0, 100))
        .extracting(TaskEvent::version)
        .isEqualTo(IntStream.rangeClosed(
                1, storage().tasks().find(task(held)).orElseThrow().version())
            .boxed()
            .toList());
  }

  @Test
  void reclaim_duringACompletion_takesNothing() {
    Held held = held();
    storage().sessions().end(held.lease().session());

    var result = duel()
        .whileOpen(
            tx -> steps().complete(tx, List.of(held)),
            () -> commands().reap(held.lease().session(), 10));

    assertThat(result.first()).containsExactly(held.run().key());
    assertThat(result.second()).isZero();
    assertThat(commands().reap()).isZero();
    assertThat(steps().claim(steps().open("b"), 10)).isEmpty();
    assertThat(state(held)).isEqualTo(TaskState.COMPLETED);
    assertGapless(held);
  }

  @Test
  void completion_duringAReclaim_isStale() {
    Held held = held();
    storage().sessions().end(held.lease().session());

    var result = duel()
        .whileOpen(
            tx -> commands().reap(tx, held.lease().session(), 10), () -> steps().complete(held));

    assertThat(result.first()).isEqualTo(1);
    assertThat(result.second()).isFalse();
    assertThat(steps().claim(steps().open("b"), 10)).hasSize(1);
    assertGapless(held);
  }

  @Test
  void completion_ofAnEarlierRun_isStaleThoughASiblingOfItsClaimIsOpen() {
    steps().submit(2);
    SessionId session = steps().open("a");
    List<Held> claim = steps().claim(session, 2);
    Held early = claim.get(0);
    assertThat(steps().release(early)).isPresent();
    Held late = steps().claimOne(session);

    assertThat(steps().complete(early)).isFalse();
    assertThat(steps().settle(early, now -> new Outcome.Released(null))).isEmpty();
    assertThat(steps().complete(List.of(claim.get(1), late))).hasSize(2);
    assertGapless(early);
  }

  @Test
  void claim_duringTheEndOfItsSession_strandsNothing() {
    steps().submit(20);
    SessionId session = steps().open("a");
    var lanes = storage().tasks().lanesAfter(0);

    var result = duel()
        .whileOpen(tx -> tx.runs().claim(new ClaimRequest(session, 1, lanes, 20)), () -> {
          storage().sessions().end(session);
          return commands().reap();
        });
    int reaped = result.second() + commands().reap();

    assertThat(reaped)
        .isEqualTo(((ClaimAnswer.Claimed) result.first()).assignments().size());
    assertThat(steps().ask(session, 1)).isEqualTo(new ClaimAnswer.SessionOver());
    assertThat(steps().claim(steps().open("b"), 30)).hasSize(20);
  }

  @Test
  void claim_duringTheNextSessionOfItsNode_strandsNothing() {
    steps().submit(20);
    SessionId session = steps().open("a");
    var lanes = storage().tasks().lanesAfter(0);

    var result = duel()
        .whileOpen(
            tx -> tx.runs().claim(new ClaimRequest(session, 1, lanes, 20)),
            () -> steps().open("a"));
    commands().reap();

    assertThat(steps().claim(result.second(), 30)).hasSize(20);
  }

  @Test
  void completion_duringAMark_leavesTheRunWithTheMark() {
    Held held = held();
    var done = new Completion(held.run().key(), QueueName.DEFAULT, Steps.completed("1", now()));

    var result = duel()
        .whileOpen(
            tx -> tx.places().mark(List.of(task(held)), Marks.DEPENDANTS),
            () -> storage().<Set<RunKey>>atOnce(tx -> tx.runs().complete(List.of(done))));

    assertThat(result.second()).isEmpty();
    assertThat(storage().<List<Held>>transact(tx -> tx.runs().lock(List.of(task(held)))))
        .extracting(one -> one.run().marks())
        .containsExactly(Marks.DEPENDANTS);
  }

  @Test
  void takeWaiting_duringAMark_answersTheMark() {
    TaskDefinition task = steps().submit();

    var result = duel()
        .whileOpen(
            tx -> tx.places().mark(Steps.ids(task), Marks.DEPENDANTS),
            () -> storage().<List<Place>>transact(tx -> tx.places().takeWaiting(Steps.ids(task))));

    assertThat(result.second())
        .extracting(place -> place.run().marks())
        .containsExactly(Marks.DEPENDANTS);
  }

  @Test
  void claim_duringAMark_losesNeitherTheTaskNorTheMark() {
    TaskDefinition task = steps().submit();
    SessionId session = steps().open("a");

    var result = duel()
        .whileOpen(
            tx -> tx.places().mark(Steps.ids(task), Marks.DEPENDANTS),
            () -> steps().claim(session, 5));
    List<Held> held = result.second().isEmpty() ? steps().claim(session, 5) : result.second();

    assertThat(held).extracting(one -> one.run().marks()).containsExactly(Marks.DEPENDANTS);
  }

  @Test
  void mark_duringAClaim_isFoundWhenLookedForAgain() {
    TaskDefinition task = steps().submit();
    SessionId session = steps().open("a");
    var lanes = storage().tasks().lanesAfter(0);

    var result = duel()
        .whileOpen(
            tx -> tx.runs().claim(new ClaimRequest(session, 1, lanes, 5)),
            () -> commands().submitAfter(samples().task(), true, Steps.ids(task)));
    Held held = ((ClaimAnswer.Claimed) result.first()).assignments().getFirst().held();

    assertThat(steps().complete(held)).isTrue();
    assertThat(storage().tasks().states(Steps.ids(result.second())))
        .containsValue(TaskState.PENDING);
  }

  @Test
  void claim_duringTheSameRequest_givesTheSameTasks() {
    steps().submit(5);
    SessionId session = steps().open("a");
    var request = new ClaimRequest(session, 7, storage().tasks().lanesAfter(0), 3);

    var result = duel()
        .whileOpen(
            tx -> tx.runs().claim(request),
            () -> storage().<ClaimAnswer>transact(tx -> tx.runs().claim(request)));

    List<Assignment> first = ((ClaimAnswer.Claimed) result.first()).assignments();
    assertThat(first).hasSize(3);
    assertThat(((ClaimAnswer.Claimed) result.second()).assignments()).isEqualTo(first);
    assertThat(steps().claim(session, 5)).hasSize(2);
  }

  @Test
  void completion_whoseOutcomeWasUnknown_isRecognised() {
    Held held = held();
    assertThat(steps().complete(held)).isTrue();

    assertThat(steps().complete(held)).isFalse();
    RunKey key = held.run().key();
    Map<RunKey, RunEnd> ends = storage().transact((StorageTx tx) -> tx.facts().ends(List.of(key)));
    RunEnd end = Objects.requireNonNull(ends.get(key));
    assertThat(end.kind()).isEqualTo(RunEnd.Kind.COMPLETED);
    assertThat(end.lease()).isEqualTo(held.lease());
  }
}
