package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;
import static dev.holdfast.testkit.selftest.Broken.transacting;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Ways to be wrong in transactions and submissions. */
@SuppressWarnings("unchecked")
final class SubmitFlaws {

  private SubmitFlaws() {}

  static Stream<Flaw> ofTransactions() {
    var keeps = transacting(Broken::keeping);
    var autocommits = transacting(Broken::autocommitting);
    Class<Flawed.Transaction> contract = Flawed.Transaction.class;
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
    Flaw onlyTells = new Flaw(
        "createAndTell that only tells",
        Flawed.Submissions.class,
        "createAndTell_storesAsCreateDoes_whetherItTellsOrNot",
        inTx("submissions", "createAndTell", (tx, args) -> true));
    return Stream.of(ofBirths(), Stream.of(onlyTells), ofKeys()).flatMap(flaws -> flaws);
  }

  private static Stream<Flaw> ofBirths() {
    Class<Flawed.Submissions> contract = Flawed.Submissions.class;
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
            })));
  }

  private static Stream<Flaw> ofKeys() {
    Class<Flawed.Submissions> contract = Flawed.Submissions.class;
    return Stream.of(
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
}
