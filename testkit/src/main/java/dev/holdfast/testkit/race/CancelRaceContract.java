package dev.holdfast.testkit.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cancels against whatever else moves the task: the cancel is neither lost nor overtaken. */
public abstract class CancelRaceContract extends StorageContract {

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
  void cancel_duringAClaim_reachesTheTask() {
    TaskDefinition task = steps().submit();
    SessionId session = steps().open("a");
    var lanes = storage().tasks().lanesAfter(0);

    var result = duel()
        .whileOpen(
            tx -> tx.runs().claim(new ClaimRequest(session, 1, lanes, 5)),
            () -> commands().cancel(task.id()));

    assertThat(result.second()).isTrue();
    Held held = ((ClaimAnswer.Claimed) result.first()).assignments().getFirst().held();
    assertThat(steps().complete(held)).isFalse();
    assertThat(state(held)).isEqualTo(TaskState.CANCELLED);
    assertGapless(held);
  }

  @Test
  void cancel_duringAFailure_reachesTheTask() {
    Held held = held();

    var result = duel()
        .whileOpen(
            tx -> steps().settle(tx, held, now -> new Outcome.Failed(samples().error(), true, now)),
            () -> commands().cancel(task(held)));

    assertThat(result.second()).isTrue();
    assertThat(state(held)).isEqualTo(TaskState.CANCELLED);
    assertGapless(held);
  }

  @Test
  void failure_duringACancelThatIsAsked_isTheCancellation() {
    Held held = held();

    var result = duel()
        .whileOpen(tx -> steps().askCancel(tx, held, "stop"), () -> steps().fail(held));

    assertThat(result.second()).isPresent();
    assertThat(state(held)).isEqualTo(TaskState.CANCELLED);
    assertGapless(held);
  }

  @Test
  void reclaim_duringACancelThatIsAsked_isTheCancellation() {
    Held held = held();
    storage().sessions().end(held.lease().session());

    duel().whileOpen(tx -> steps().askCancel(tx, held, "stop"), () -> commands().reap());
    commands().reap();

    assertThat(state(held)).isEqualTo(TaskState.CANCELLED);
    assertGapless(held);
  }

  @Test
  void completion_duringACancelThatIsAsked_goesOnFromItsVersion() {
    Held held = held();

    var result = duel()
        .whileOpen(tx -> steps().askCancel(tx, held, "stop"), () -> steps().complete(held));

    assertThat(result.second()).isTrue();
    assertThat(state(held)).isEqualTo(TaskState.COMPLETED);
    assertThat(storage().events().ofTask(task(held), 0, 100)).hasSize(5);
    assertGapless(held);
  }

  @Test
  void take_duringACancelThatIsAsked_answersTheNewestVersion() {
    Held held = held();

    var result = duel()
        .whileOpen(
            tx -> steps().askCancel(tx, held, "stop"),
            () -> storage()
                .<List<Held>>transact(tx -> tx.runs().take(List.of(held.run().key()))));

    assertThat(result.second()).containsExactly(result.first());
  }

  @Test
  void cancel_duringAPromotion_reachesTheTask() {
    TaskDefinition task =
        steps().submit(samples().task().due(new Due.After(Duration.ofSeconds(1))));
    advance(Duration.ofSeconds(2));

    var result =
        duel().whileOpen(tx -> steps().promote(tx, 10), () -> commands().cancel(task.id()));

    assertThat(result.first()).isEqualTo(1);
    assertThat(result.second()).isTrue();
    assertThat(steps().claim(steps().open("a"), 5)).isEmpty();
  }
}
