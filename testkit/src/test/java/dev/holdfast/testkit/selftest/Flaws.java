package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;
import static dev.holdfast.testkit.selftest.Broken.transacting;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ways to be wrong in what waits and in what is appended. */
@SuppressWarnings("unchecked")
final class Flaws {

  private static final int ALL = 500;

  private Flaws() {}

  static Stream<Flaw> ofTransactions() {
    var keeps = transacting(Broken::keeping);
    var autocommits = transacting(Broken::autocommitting);
    Class<FlawedTests.Transaction> contract = FlawedTests.Transaction.class;
    return Stream.of(
        new Flaw("rollback that keeps", contract, "transact_keepsNoTaskWhenItsWorkThrows", keeps),
        new Flaw("rollback that keeps", contract, "transact_keepsNoKeyWhenItsWorkThrows", keeps),
        new Flaw(
            "rollback that keeps", contract, "transact_takesMovesBackWhenItsWorkThrows", keeps),
        new Flaw(
            "rollback that keeps", contract, "transact_takesAClaimBackWhenItsWorkThrows", keeps),
        new Flaw(
            "rollback that keeps",
            contract,
            "transact_takesACompletionBackWhenItsWorkThrows",
            keeps),
        new Flaw(
            "rollback that keeps",
            contract,
            "transact_takesMarksAndEdgesBackWhenItsWorkThrows",
            keeps),
        new Flaw(
            "commit after each call",
            contract,
            "transact_showsOthersAllOfItsWritesOrNone",
            autocommits),
        new Flaw(
            "time in nanoseconds",
            contract,
            "now_hasMicrosecondPrecision",
            nowAs(now -> now.plusNanos(7))),
        new Flaw(
            "time of the start",
            contract,
            "now_followsTheClock",
            nowAs(now -> Instant.parse("2030-01-01T00:00:00Z"))));
  }

  private static UnaryOperator<Storage> nowAs(UnaryOperator<Instant> change) {
    return transacting((storage, work) -> storage.transact(tx -> work.apply(
        Broken.replaced(StorageTx.class, tx, "now", (real, none) -> change.apply(real.now())))));
  }

  static Stream<Flaw> ofSubmissions() {
    Class<FlawedTests.Submissions> contract = FlawedTests.Submissions.class;
    return Stream.of(
        new Flaw(
            "create that forgets the names",
            contract,
            "create_keepsEveryMemberOfTheDefinition",
            inTx("submissions", "create", (tx, args) -> {
              tx.submissions().create(nameless((Collection<Birth>) args[0]));
              return null;
            })),
        new Flaw(
            "create that tidies payloads",
            contract,
            "create_keepsThePayloadAsItWasWritten",
            inTx("submissions", "create", (tx, args) -> {
              tx.submissions().create(tidied((Collection<Birth>) args[0]));
              return null;
            })),
        new Flaw(
            "create that overwrites",
            contract,
            "create_leavesATaskThatExistsAsItIs",
            inTx("submissions", "create", (tx, args) -> {
              tx.submissions().create((Collection<Birth>) args[0]);
              return overwrite(tx, (Collection<Birth>) args[0]);
            })),
        new Flaw(
            "take that steals",
            contract,
            "takeKeys_answersThePresentOwner",
            inTx("submissions", "takeKeys", (tx, args) -> {
              var wanted = (Collection<KeyOwner>) args[0];
              tx.submissions().releaseKeys(tx.submissions().takeKeys(wanted));
              return tx.submissions().takeKeys(wanted);
            })),
        new Flaw(
            "take of all or nothing",
            contract,
            "takeKeys_takesFreeKeysBesideTakenOnes",
            inTx("submissions", "takeKeys", (tx, args) -> {
              var wanted = (Collection<KeyOwner>) args[0];
              List<KeyOwner> present = tx.submissions().takeKeys(wanted);
              if (!present.isEmpty()) {
                tx.submissions().releaseKeys(wanted);
              }
              return present;
            })),
        new Flaw(
            "release of what others have",
            contract,
            "releaseKeys_leavesOthersAlone",
            inTx("submissions", "releaseKeys", (tx, args) -> {
              var taken = (Collection<KeyOwner>) args[0];
              tx.submissions().releaseKeys(tx.submissions().takeKeys(taken));
              return null;
            })));
  }

  private static List<Birth> nameless(Collection<Birth> births) {
    return births.stream()
        .map(birth -> {
          TaskDefinition task = birth.definition();
          var plain = new TaskDefinition(
              task.id(),
              task.address(),
              task.priority(),
              task.policy(),
              task.constraints(),
              TaskDefinition.Identity.NONE,
              task.createdAt(),
              task.dueAt());
          return new Birth(plain, birth.payload(), birth.place());
        })
        .toList();
  }

  private static List<Birth> tidied(Collection<Birth> births) {
    return births.stream()
        .map(birth -> new Birth(
            birth.definition(), new Json(birth.payload().text().replace(" ", "")), birth.place()))
        .toList();
  }

  private static Object overwrite(StorageTx tx, Collection<Birth> births) {
    for (Birth birth : births) {
      tx.places().takeWaiting(List.of(birth.definition().id()));
      tx.places().put(List.of(birth.place()));
    }
    return null;
  }

  static Stream<Flaw> ofPlaces() {
    Class<FlawedTests.Places> contract = FlawedTests.Places.class;
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
                    .toList())),
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

  static Stream<Flaw> ofFacts() {
    Class<FlawedTests.Facts> contract = FlawedTests.Facts.class;
    return Stream.of(
        new Flaw(
            "note that is always new",
            contract,
            "note_keepsTheFirstOfAVersion",
            inTx("facts", "note", (tx, args) -> noteAll(tx, (Collection<Note>) args[0]))),
        new Flaw(
            "note that overwrites", contract, "note_keepsTheFirstOfAVersion", new Overwriting()),
        new Flaw(
            "last end that is the first",
            contract,
            "lastEnds_areTheNewestTerminalOnes",
            inTx("facts", "lastEnds", (tx, args) -> firstEnds(tx, (Collection<TaskId>) args[0]))),
        new Flaw(
            "last end that ended nothing",
            contract,
            "lastEnds_passOverEndsThatEndedNoTask",
            inTx("facts", "lastEnds", (tx, args) -> firstEnds(tx, (Collection<TaskId>) args[0]))),
        new Flaw(
            "end without its error",
            contract,
            "end_keepsEveryMember",
            inTx("facts", "end", (tx, args) -> {
              tx.facts().end(errorless((Collection<RunEnd>) args[0]));
              return null;
            })),
        new Flaw(
            "count that never falls",
            contract,
            "count_isAddedUpPerQueueAndState",
            inTx("facts", "count", (tx, args) -> {
              tx.facts()
                  .count(((Collection<Tally>) args[0])
                      .stream().filter(tally -> tally.change() > 0).toList());
              return null;
            })));
  }

  private static Set<TaskId> noteAll(StorageTx tx, Collection<Note> notes) {
    tx.facts().note(notes);
    return notes.stream().map(Note::task).collect(Collectors.toSet());
  }

  private static Map<TaskId, RunEnd> firstEnds(StorageTx tx, Collection<TaskId> tasks) {
    Map<TaskId, RunEnd> ends = new HashMap<>();
    tasks.forEach(task ->
        ends.putAll(tx.facts().ends(List.of(new RunKey(task, 1))).values().stream()
            .collect(Collectors.toMap(RunEnd::task, end -> end))));
    return ends;
  }

  private static List<RunEnd> errorless(Collection<RunEnd> ends) {
    return ends.stream()
        .map(end -> new RunEnd(
            end.key(),
            end.kind(),
            end.terminal(),
            end.attempt(),
            end.version(),
            end.lease(),
            end.start(),
            end.endedAt(),
            end.nextAt(),
            end.result(),
            null))
        .toList();
  }

  static Stream<Flaw> ofDependencies() {
    Class<FlawedTests.Dependencies> contract = FlawedTests.Dependencies.class;
    var once = inTx(
        "dependencies",
        "satisfy",
        (tx, args) -> tx.dependencies()
            .satisfy(((Map<TaskId, Integer>) args[0])
                .keySet().stream().collect(Collectors.toMap(task -> task, task -> 1))));
    return Stream.of(
        new Flaw("satisfy that lowers once", contract, "satisfy_lowersByTheWholeNumber", once),
        new Flaw(
            "satisfy that lowers once", contract, "satisfy_andTake_workInOneTransaction", once),
        new Flaw(
            "downstream from the start",
            contract,
            "downstream_goesOnBehindATask",
            inTx(
                "dependencies",
                "downstream",
                (tx, args) -> tx.dependencies()
                    .downstream((Collection<TaskId>) args[0], null, (int) args[2]))),
        new Flaw(
            "link that forgets what is required",
            contract,
            "badEndOfAnUpstream_cancelsItsDependants",
            inTx("dependencies", "link", (tx, args) -> {
              tx.dependencies()
                  .link(((Collection<Edge>) args[0])
                      .stream()
                          .map(edge -> new Edge(edge.upstream(), edge.downstream(), false))
                          .toList());
              return null;
            })),
        new Flaw(
            "deferred that stays",
            contract,
            "takeDeferred_givesEachOnce",
            inTx("dependencies", "takeDeferred", (tx, args) -> {
              List<Deferred> taken = tx.dependencies().takeDeferred((int) args[0]);
              tx.dependencies().defer(taken);
              return taken;
            })),
        new Flaw(
            "mark that does nothing",
            FlawedTests.DependencyRace.class,
            "completion_duringALateDependence_setsTheDependantFree",
            inTx("places", "mark", (tx, args) -> Set.copyOf((Collection<TaskId>) args[0]))),
        new Flaw(
            "satisfy that lowers once",
            FlawedTests.DependencyRace.class,
            "completion_ofTwoUpstreamsAtOnce_countsBoth",
            once),
        new Flaw(
            "note that is always new",
            FlawedTests.DependencyRace.class,
            "replay_onAnOldEnd_isNoSecondOneAndStopsNoLane",
            inTx("facts", "note", (tx, args) -> noteAll(tx, (Collection<Note>) args[0]))),
        new Flaw(
            "create that keeps half of what was refused",
            FlawedTests.DependencyRace.class,
            "create_ofWhatTheStorageCannotKeep_isRefusedWhole",
            new HalfCreating()));
  }
}
