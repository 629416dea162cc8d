package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;

import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Ways to be wrong in what steps came to. */
@SuppressWarnings("unchecked")
final class StepFlaws {

  private StepFlaws() {}

  private static Flaw record(String what, String rule, Broken.InsteadInTx instead) {
    return new Flaw(what, Flawed.Steps.class, rule, inTx("steps", "record", instead));
  }

  static Stream<Flaw> ofSteps() {
    return Stream.of(
        record(
            "record that answers what it was given",
            "record_leavesTheFirstResultStanding",
            (tx, args) -> given(tx, (Collection<StepResult>) args[0])),
        record(
            "record without fence",
            "record_ofAnEarlierRunIsRefused",
            (tx, args) -> current(tx, (Collection<StepResult>) args[0])),
        record(
            "record for any session",
            "record_byAnotherSessionIsRefused",
            (tx, args) -> current(tx, (Collection<StepResult>) args[0])),
        record(
            "record that keeps nothing",
            "record_isThereForTheNextRun_whoseOwnCountsAfterIt",
            (tx, args) -> answer((Collection<StepResult>) args[0])));
  }

  private static Map<RunKey, Map<String, Json>> given(
      StorageTx tx, Collection<StepResult> results) {
    tx.steps().record(results);
    return answer(results);
  }

  private static Map<RunKey, Map<String, Json>> answer(Collection<StepResult> results) {
    Map<RunKey, Map<String, Json>> answer = new HashMap<>();
    results.forEach(result -> answer
        .computeIfAbsent(result.run(), run -> new HashMap<>())
        .put(result.key(), result.result()));
    return answer;
  }

  /** Records for whoever holds the task now. */
  private static Map<RunKey, Map<String, Json>> current(
      StorageTx tx, Collection<StepResult> results) {
    for (StepResult result : results) {
      for (Held held : tx.runs().lock(List.of(result.run().task()))) {
        tx.steps()
            .record(List.of(new StepResult(
                held.run().key(), held.lease().session(), result.key(), result.result())));
      }
    }
    return answer(results);
  }
}
