package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;

import dev.holdfast.domain.port.history.History.Sweep;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Ways to be wrong in what is not kept any more. */
final class HistoryFlaws {

  private HistoryFlaws() {}

  private static Flaw removal(String what, String rule, Broken.InsteadInTx instead) {
    return new Flaw(what, Flawed.History.class, rule, inTx("history", "removeEnded", instead));
  }

  static Stream<Flaw> ofHistory() {
    return Stream.of(
        removal(
            "removal that goes by no age",
            "removeEnded_keepsWhatEndedLaterAndWhatLives",
            (tx, args) ->
                tx.history().removeEnded(tx.now().plusSeconds(1), (TaskId) args[1], (int) args[2])),
        removal(
            "removal that removes nothing",
            "removeEnded_removesWhatHasEndedLongAgo_andSaysHow",
            (tx, args) -> new Sweep(List.of(), null)),
        removal(
            "removal without limit",
            "removeEnded_looksAtSoManyAndTellsWhereToGoOn",
            (tx, args) -> tx.history().removeEnded((Instant) args[0], (TaskId) args[1], 1000)),
        removal(
            "removal that never goes on",
            "removeEnded_endsItsPassWhereNothingCanBeOldEnough",
            (tx, args) -> new Sweep(
                tx.history()
                    .removeEnded((Instant) args[0], (TaskId) args[1], (int) args[2])
                    .removed(),
                null)),
        new Flaw(
            "removal of sessions that are young",
            Flawed.Retention.class,
            "removeSessions_removesThoseOfWhichNothingIsKept",
            inTx(
                "history",
                "removeSessions",
                (tx, args) -> tx.history().removeSessions(tx.now().plusSeconds(1), 10))),
        new Flaw(
            "replay that keeps no lock",
            Flawed.HistoryRace.class,
            "removeEnded_duringAReplay_leavesTheTaskAlone",
            inTx("facts", "lastEnds", (tx, args) -> {
              tx.history().removeEnded(tx.now().plusSeconds(1), null, 1000);
              return Map.of();
            })));
  }
}
