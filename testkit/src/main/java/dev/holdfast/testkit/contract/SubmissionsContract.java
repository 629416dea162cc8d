package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** New tasks and idempotency keys. */
public abstract class SubmissionsContract extends StorageContract {

  private void create(Birth... births) {
    transact(tx -> tx.submissions().create(List.of(births)));
  }

  private TaskView view(TaskId task) {
    return storage().tasks().find(task).orElseThrow();
  }

  @Test
  void create_putsEachTaskIntoItsPlace() {
    Birth ready = samples().birth(samples().task(), now());
    Birth scheduled =
        samples().birth(samples().task().due(new Due.After(Duration.ofHours(1))), now());
    Birth blocked = samples().birth(samples().task(), now(), 2);
    create(ready, scheduled, blocked);

    assertThat(storage()
            .tasks()
            .states(Steps.ids(ready.definition(), scheduled.definition(), blocked.definition())))
        .isEqualTo(Map.of(
            ready.definition().id(), TaskState.PENDING,
            scheduled.definition().id(), TaskState.SCHEDULED,
            blocked.definition().id(), TaskState.BLOCKED));
    assertThat(view(scheduled.definition().id()).dueAt())
        .isEqualTo(scheduled.definition().dueAt());
  }

  @Test
  void createAndTell_storesAsCreateDoes_whetherItTellsOrNot() {
    Birth ready = samples().birth(samples().task(), now());
    Birth other = samples().birth(samples().task(), now());

    storage().<Boolean>atOnce(tx -> tx.submissions().createAndTell(List.of(ready)));
    storage().<Boolean>atOnce(tx -> tx.submissions().createAndTell(List.of(ready, other)));

    assertThat(storage().tasks().states(Steps.ids(ready.definition(), other.definition())))
        .hasSize(2)
        .containsValue(TaskState.PENDING);
    assertThat(steps().claim(steps().open("a"), 5)).hasSize(2);
  }

  @Test
  void create_keepsEveryMemberOfTheDefinition() {
    TaskDefinition rich = samples().rich(now());
    create(new Birth(rich, Json.NULL, Lifecycle.born(rich, 0, Marks.DEPENDANTS)));

    assertThat(view(rich.id()).definition()).isEqualTo(rich);
    transact(tx -> {
      assertThat(tx.facts().definitions(Steps.ids(rich))).isEqualTo(Map.of(rich.id(), rich));
      assertThat(tx.places().takeWaiting(Steps.ids(rich)))
          .containsExactly(Lifecycle.born(rich, 0, Marks.DEPENDANTS));
    });
  }

  @Test
  void create_keepsThePayloadAsItWasWritten() {
    Json payload = new Json("{\"b\": 1.10, \"a\": [1e2, 12345678901234567890], \"ü\":\"😀\\n\" }");
    TaskDefinition task = steps().submit(NewTask.of("echo", payload));

    assertThat(view(task.id()).payload()).isEqualTo(payload);
  }

  @Test
  void create_keepsALargePayload() {
    Json payload = new Json('"' + "ä".repeat(500_000) + '"');
    TaskDefinition task = steps().submit(NewTask.of("echo", payload));

    assertThat(view(task.id()).payload()).isEqualTo(payload);
  }

  @Test
  void create_leavesATaskThatExistsAsItIs() {
    Instant now = now();
    TaskDefinition task = samples().define(samples().task(), now);
    create(new Birth(task, new Json("1"), Lifecycle.born(task, 0, Marks.NONE)));
    create(new Birth(task, new Json("2"), Lifecycle.born(task, 1, Marks.NONE)));

    assertThat(view(task.id()).payload()).isEqualTo(new Json("1"));
    assertThat(view(task.id()).state()).isEqualTo(TaskState.PENDING);
  }

  @Test
  void create_againDoesNotPlaceATaskThatMovedOn() {
    Birth birth = samples().birth(samples().task(), now());
    create(birth);
    var session = steps().open("a");
    var held = steps().claimOne(session);
    create(birth);
    assertThat(steps().claim(session, 10)).isEmpty();
    assertThat(steps().complete(held)).isTrue();
    create(birth, samples().birth(samples().task(), now()));

    assertThat(steps().claim(session, 10)).hasSize(1);
    assertThat(view(birth.definition().id()).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(storage().events().ofTask(birth.definition().id(), 0, 10)).hasSize(4);
  }

  @Test
  void create_takesATaskThatHasEndedAlready() {
    TaskDefinition task = samples().define(samples().task(), now());
    TaskId upstream = samples().taskId();
    transact(tx -> {
      tx.submissions().create(List.of(new Birth(task, Json.NULL, null)));
      tx.facts().end(List.of(Lifecycle.stillborn(task, upstream)));
    });

    assertThat(view(task.id()).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(view(task.id()).attempt()).isZero();
    assertThat(steps().claim(steps().open("a"), 10)).isEmpty();
  }

  @Test
  void create_takesThousandsAtOnce() {
    var tasks = steps().submit(2500);

    assertThat(storage().tasks().states(tasks.stream().map(TaskDefinition::id).toList()))
        .hasSize(2500);
  }

  @Test
  void create_givesTasksThatAreAlikeOneLane() {
    NewTask plain = samples().task();
    NewTask labelled = plain.withConstraints(Constraints.of(Map.of("gpu", "1"), null, List.of()));
    var tasks = steps().submit(List.of(plain, plain, labelled, plain.inQueue("other"), labelled));

    var lanes = storage().tasks().lanesAfter(0);

    assertThat(lanes)
        .extracting(Lane::key)
        .containsExactlyInAnyOrder(
            tasks.get(0).lane(), tasks.get(2).lane(), tasks.get(3).lane());
    assertThat(lanes).extracting(Lane::number).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void create_numbersANewLaneAboveAllOthers() {
    steps().submit();
    int last = storage().tasks().lanesAfter(0).getLast().number();
    assertThat(storage().tasks().lanesAfter(last)).isEmpty();
    TaskDefinition other = steps().submit(samples().task().inQueue("other"));

    assertThat(storage().tasks().lanesAfter(last))
        .extracting(Lane::key)
        .containsExactly(other.lane());
  }

  @Test
  void create_agreesOnALaneThatTwoMakeAtOnce() {
    NewTask task = samples().task().inQueue("new");

    new Duel(storage())
        .whileOpen(
            tx -> {
              tx.submissions().create(List.of(samples().birth(task, tx.now())));
              return true;
            },
            () -> steps().submit(task));

    assertThat(storage().tasks().lanesAfter(0)).hasSize(1);
    assertThat(steps().claim(steps().open("a"), 10)).hasSize(2);
  }

  private KeyOwner owner(String key) {
    return new KeyOwner(Namespace.DEFAULT, key, samples().taskId(), "print of " + key);
  }

  private List<KeyOwner> take(KeyOwner... wanted) {
    return storage().transact(tx -> tx.submissions().takeKeys(List.of(wanted)));
  }

  @Test
  void takeKeys_takesFreeKeys() {
    assertThat(take(owner("a"), owner("b"))).isEmpty();
  }

  @Test
  void takeKeys_answersThePresentOwner() {
    KeyOwner first = owner("a");
    assertThat(take(first)).isEmpty();

    assertThat(take(owner("a"))).containsExactly(first);
    assertThat(take(first)).containsExactly(first);
  }

  @Test
  void takeKeys_takesFreeKeysBesideTakenOnes() {
    KeyOwner first = owner("a");
    KeyOwner second = owner("b");
    assertThat(take(first)).isEmpty();

    assertThat(take(owner("a"), second)).containsExactly(first);
    assertThat(take(owner("b"))).containsExactly(second);
  }

  @Test
  void takeKeys_separatesNamespaces() {
    KeyOwner here = owner("a");
    KeyOwner there = new KeyOwner(new Namespace("other"), "a", samples().taskId(), "print");
    assertThat(take(here)).isEmpty();

    assertThat(take(there)).isEmpty();
  }

  @Test
  void takeKeys_takesManyAtOnce() {
    KeyOwner[] owners =
        IntStream.range(0, 1000).mapToObj(i -> owner("key " + i)).toArray(KeyOwner[]::new);
    assertThat(take(owners)).isEmpty();

    assertThat(take(owners)).containsExactlyInAnyOrder(owners);
  }

  @Test
  void takeKeys_seesTheOwnerThatAConcurrentTransactionMade() {
    KeyOwner first = owner("a");

    var result = new Duel(storage())
        .whileOpen(tx -> tx.submissions().takeKeys(List.of(first)), () -> take(owner("a")));

    assertThat(result.first()).isEmpty();
    assertThat(result.second()).containsExactly(first);
  }

  @Test
  void releaseKeys_givesThemBack() {
    KeyOwner first = owner("a");
    KeyOwner second = owner("a");
    transact(tx -> {
      assertThat(tx.submissions().takeKeys(List.of(first))).isEmpty();
      tx.submissions().releaseKeys(List.of(first));
    });

    assertThat(take(second)).isEmpty();
  }

  @Test
  void releaseKeys_leavesOthersAlone() {
    KeyOwner first = owner("a");
    assertThat(take(first)).isEmpty();
    transact(tx -> tx.submissions().releaseKeys(List.of(owner("a"))));

    assertThat(take(owner("a"))).containsExactly(first);
  }
}
