package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;

import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ways to be wrong in what waits. */
@SuppressWarnings("unchecked")
final class PlaceFlaws {

  private static final int ALL = 500;

  private PlaceFlaws() {}

  static Stream<Flaw> ofPlaces() {
    return Stream.concat(ofMoves(), ofMarks());
  }

  private static Stream<Flaw> ofMoves() {
    Class<Flawed.Places> contract = Flawed.Places.class;
    return Stream.of(
        new Flaw(
            "put that takes what is held",
            contract,
            "put_refusesAHeldPlace",
            inTx("places", "put", (tx, args) -> {
              ((Collection<Place>) args[0])
                  .stream()
                      .filter(place -> !(place instanceof Place.Held))
                      .forEach(place -> tx.places().put(List.of(place)));
              return null;
            })),
        new Flaw(
            "take that leaves the row",
            contract,
            "put_andTakeWaiting_giveTheSamePlace",
            inTx("places", "takeWaiting", (tx, args) -> {
              List<Place> taken = tx.places().takeWaiting((Collection<TaskId>) args[0]);
              tx.places().put(taken);
              return taken;
            })),
        new Flaw(
            "due without its limit",
            contract,
            "takeDue_takesTheOldestFirstUpToTheLimit",
            inTx("places", "takeDue", (tx, args) -> tx.places().takeDue(ALL))),
        new Flaw(
            "due that forgets sleepers",
            contract,
            "takeDue_takesSuspendedTasksWhoseWakeTimeHasCome",
            inTx(
                "places",
                "takeDue",
                (tx, args) -> tx.places().takeDue((int) args[0]).stream()
                    .filter(Place.Scheduled.class::isInstance)
                    .toList())));
  }

  private static Stream<Flaw> ofMarks() {
    Class<Flawed.Places> contract = Flawed.Places.class;
    return Stream.of(
        new Flaw(
            "mark that forgets earlier ones",
            contract,
            "mark_keepsEarlierMarks",
            inTx(
                "places",
                "mark",
                (tx, args) -> remark(tx, (Collection<TaskId>) args[0], (Marks) args[1]))),
        new Flaw(
            "mark that passes over what is held",
            contract,
            "mark_reachesHeldTasks",
            inTx(
                "places",
                "mark",
                (tx, args) -> remark(tx, (Collection<TaskId>) args[0], (Marks) args[1]))),
        new Flaw(
            "mark that says yes to all",
            contract,
            "mark_answersOnlyTasksThatHaveAPlace",
            inTx("places", "mark", (tx, args) -> Set.copyOf((Collection<TaskId>) args[0]))),
        new Flaw(
            "expiry without its limit",
            contract,
            "takeExpired_takesWhatIsDueOldestFirst",
            inTx("places", "takeExpired", (tx, args) -> tx.places().takeExpired(ALL))),
        new Flaw(
            "expiry that keeps the first",
            contract,
            "expireAt_replacesWhatWasSetBefore",
            inTx("places", "expireAt", new Once())));
  }

  /** Sets the expiry of nothing but the first call. */
  private static final class Once implements Broken.InsteadInTx {

    private boolean done;

    @Override
    public Object call(StorageTx tx, Object[] args) {
      if (!done) {
        tx.places().expireAt((Map<TaskId, Instant>) args[0]);
      }
      done = true;
      return null;
    }
  }

  private static Set<TaskId> remark(StorageTx tx, Collection<TaskId> tasks, Marks marks) {
    List<Place> taken = tx.places().takeWaiting(tasks);
    for (Place place : taken) {
      var run = place.run();
      tx.places().put(List.of(place.with(new Run(run.key(), run.attempt(), run.version(), marks))));
    }
    return taken.stream().map(place -> place.run().task()).collect(Collectors.toSet());
  }
}
