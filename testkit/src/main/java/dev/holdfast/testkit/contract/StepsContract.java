package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.StorageContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The results of steps: recorded once, by the holder only, and there for every later run. */
public abstract class StepsContract extends StorageContract {

  private static final Json ONE = new Json("{\"n\": 1.0, \"s\": \"it's \\u0001 käse 😀\"}");
  private static final Json TWO = new Json("2");

  private Held held() {
    steps().submit();
    return steps().claimOne(steps().open("a"));
  }

  private static StepResult step(Held held, String key, Json result) {
    return new StepResult(held.run().key(), held.lease().session(), key, result);
  }

  private Map<RunKey, Map<String, Json>> record(StepResult... results) {
    return storage().transact(tx -> tx.steps().record(List.of(results)));
  }

  private Map<String, Json> of(TaskId task) {
    return storage().transact(tx -> tx.steps().of(task));
  }

  private Map<String, Json> of(Held held) {
    return of(held.run().task());
  }

  private static Map<RunKey, Map<String, Json>> standing(Held held, String key, Json result) {
    return Map.of(held.run().key(), Map.of(key, result));
  }

  @Test
  void record_keepsTheExactResultUnderItsKey() {
    Held held = held();
    String longest = "ü".repeat(StepResult.MAX_KEY_LENGTH);

    assertThat(record(step(held, "charge", ONE), step(held, longest, Json.NULL)))
        .isEqualTo(Map.of(held.run().key(), Map.of("charge", ONE, longest, Json.NULL)));

    assertThat(of(held)).isEqualTo(Map.of("charge", ONE, longest, Json.NULL));
  }

  @Test
  void of_isEmptyForATaskWithoutStepsAndForNone() {
    Held held = held();

    assertThat(of(held)).isEmpty();
    assertThat(of(samples().taskId())).isEmpty();
    assertThat(record()).isEmpty();
  }

  @Test
  void record_leavesTheFirstResultStanding() {
    Held held = held();
    record(step(held, "charge", ONE));

    assertThat(record(step(held, "charge", TWO), step(held, "mail", TWO)))
        .isEqualTo(Map.of(held.run().key(), Map.of("charge", ONE, "mail", TWO)));

    assertThat(of(held)).isEqualTo(Map.of("charge", ONE, "mail", TWO));
  }

  @Test
  void record_isThereForTheNextRun_whoseOwnCountsAfterIt() {
    Held first = held();
    record(step(first, "charge", ONE));
    assertThat(steps().release(first)).isPresent();
    Held second = steps().claimOne(first.lease().session());

    assertThat(of(second)).isEqualTo(Map.of("charge", ONE));
    assertThat(record(step(second, "charge", TWO))).isEqualTo(standing(second, "charge", ONE));
    assertThat(record(step(second, "mail", TWO))).isEqualTo(standing(second, "mail", TWO));
  }

  @Test
  void record_isThereAfterItsWorkerDied() {
    Held first = held();
    record(step(first, "charge", ONE));
    storage().sessions().end(first.lease().session());
    assertThat(commands().reap()).isEqualTo(1);
    Held second = steps().claimOne(steps().open("b"));

    assertThat(of(second)).isEqualTo(Map.of("charge", ONE));
  }

  @Test
  void record_isThereAfterAReplay() {
    Held first = held();
    record(step(first, "charge", ONE));
    assertThat(commands().cancel(first.run().task())).isTrue();
    assertThat(of(first)).isEqualTo(Map.of("charge", ONE));
    assertThat(commands().replay(first.run().task())).isTrue();
    Held second = steps().claimOne(first.lease().session());

    assertThat(record(step(second, "charge", TWO))).isEqualTo(standing(second, "charge", ONE));
  }

  @Test
  void record_ofAnEarlierRunIsRefused() {
    Held first = held();
    assertThat(steps().release(first)).isPresent();
    assertThat(record(step(first, "charge", ONE))).isEmpty();
    Held second = steps().claimOne(first.lease().session());

    assertThat(record(step(first, "charge", ONE))).isEmpty();

    assertThat(of(second)).isEmpty();
  }

  @Test
  void record_ofAnEndedRunIsRefused() {
    Held held = held();
    assertThat(steps().complete(held)).isTrue();

    assertThat(record(step(held, "charge", ONE))).isEmpty();

    assertThat(of(held)).isEmpty();
  }

  @Test
  void record_byAnotherSessionIsRefused() {
    Held held = held();
    SessionId other = steps().open("b");

    assertThat(record(new StepResult(held.run().key(), other, "charge", ONE))).isEmpty();

    assertThat(of(held)).isEmpty();
  }

  @Test
  void record_ofAStaleRunDoesNotHoldOthersBack() {
    steps().submit(3);
    List<Held> held = steps().claim(steps().open("a"), 3);
    assertThat(steps().complete(held.get(1))).isTrue();

    assertThat(record(
            step(held.get(2), "s", TWO), step(held.get(1), "s", ONE), step(held.get(0), "s", ONE)))
        .containsOnlyKeys(held.get(0).run().key(), held.get(2).run().key());

    assertThat(of(held.get(0))).isEqualTo(Map.of("s", ONE));
    assertThat(of(held.get(1))).isEmpty();
    assertThat(of(held.get(2))).isEqualTo(Map.of("s", TWO));
  }

  @Test
  void record_isOneTransactionWithTheRest() {
    Held held = held();
    try {
      transact(tx -> {
        tx.steps().record(List.of(step(held, "charge", ONE)));
        throw new IllegalStateException("no");
      });
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("no");
    }

    assertThat(of(held)).isEmpty();
    assertThat(record(step(held, "charge", TWO))).isEqualTo(standing(held, "charge", TWO));
  }

  @Test
  void record_movesNoVersionAndTellsNoEvent() {
    Held held = held();
    int before = storage().events().ofTask(held.run().task(), 0, 10).size();

    record(step(held, "charge", ONE));

    assertThat(storage().events().ofTask(held.run().task(), 0, 10)).hasSize(before);
    assertThat(steps().complete(held)).isTrue();
  }

  @Test
  void record_takesHundredsAndOneOfTheGreatestSize() {
    Held held = held();
    List<StepResult> many = new ArrayList<>(IntStream.range(0, 500)
        .mapToObj(i -> step(held, "step-" + i, new Json(Integer.toString(i))))
        .toList());
    many.add(step(held, "big", new Json('"' + "x".repeat(StepResult.MAX_BYTES - 2) + '"')));

    assertThat(record(many.toArray(StepResult[]::new)).get(held.run().key())).hasSize(501);

    assertThat(of(held)).hasSize(501).containsEntry("step-499", new Json("499"));
    assertThat(of(held).get("big")).isEqualTo(many.getLast().result());
  }

  @Test
  void record_isKept() {
    requires(Capability.DURABLE);
    Held held = held();
    record(step(held, "charge", ONE));

    harness().reopen();

    assertThat(of(held)).isEqualTo(Map.of("charge", ONE));
  }

  @Test
  void end_duringARecord_waitsForIt() {
    Held held = held();

    var result = new Duel(storage())
        .whileOpen(
            tx -> tx.steps().record(List.of(step(held, "charge", ONE))),
            () -> steps().complete(held));

    assertThat(result.first()).isEqualTo(standing(held, "charge", ONE));
    assertThat(result.second()).isTrue();
    assertThat(of(held)).isEqualTo(Map.of("charge", ONE));
  }

  @Test
  void record_duringAnEnd_isRefused() {
    Held held = held();

    var result = new Duel(storage())
        .whileOpen(
            tx -> steps().complete(tx, List.of(held)), () -> record(step(held, "charge", ONE)));

    assertThat(result.first()).hasSize(1);
    assertThat(result.second()).isEmpty();
    assertThat(of(held)).isEmpty();
  }

  @Test
  void record_duringAReclaim_isRefused() {
    Held held = held();
    storage().sessions().end(held.lease().session());

    var result = new Duel(storage())
        .whileOpen(
            tx -> commands().reap(tx, held.lease().session(), 10),
            () -> record(step(held, "charge", ONE)));

    assertThat(result.first()).isEqualTo(1);
    assertThat(result.second()).isEmpty();
    assertThat(of(held)).isEmpty();
  }

  @Test
  void record_duringAnotherOfTheSameKey_answersTheFirst() {
    Held held = held();

    var result = new Duel(storage())
        .whileOpen(
            tx -> tx.steps().record(List.of(step(held, "charge", ONE))),
            () -> record(step(held, "charge", TWO)));

    assertThat(result.first()).isEqualTo(standing(held, "charge", ONE));
    assertThat(result.second()).isEqualTo(standing(held, "charge", ONE));
    assertThat(of(held)).isEqualTo(Map.of("charge", ONE));
  }

  @Test
  void record_duringAMark_losesNeither() {
    Held held = held();

    var result = new Duel(storage())
        .whileOpen(
            (StorageTx tx) -> steps().askCancel(tx, held, "no more"),
            () -> record(step(held, "charge", ONE)));

    assertThat(result.first().cancelReason()).isEqualTo("no more");
    assertThat(result.second()).isEqualTo(standing(held, "charge", ONE));
    assertThat(storage().tasks().states(Arrays.asList(held.run().task())))
        .containsValue(TaskState.CLAIMED);
  }
}
