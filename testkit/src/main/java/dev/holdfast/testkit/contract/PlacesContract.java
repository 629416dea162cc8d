package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The places where live tasks wait. */
public abstract class PlacesContract extends StorageContract {

  private List<Place> take(TaskId... tasks) {
    return storage().transact(tx -> tx.places().takeWaiting(List.of(tasks)));
  }

  private List<Place> takeDue(int limit) {
    return storage().transact(tx -> tx.places().takeDue(limit));
  }

  /** Moves a new task into a place that stands in its first run. */
  private Place placed(Function<Run, Place> place) {
    TaskDefinition task = steps().submit();
    return storage().transact(tx -> {
      Run run = tx.places().takeWaiting(Steps.ids(task)).getFirst().run();
      Place next = place.apply(run);
      tx.places().put(List.of(next));
      return next;
    });
  }

  private static TaskId task(Place place) {
    return place.run().task();
  }

  @Test
  void put_andTakeWaiting_giveTheSamePlace() {
    Instant at = now().plusSeconds(60);
    var places = List.of(
        placed(Place.Ready::new),
        placed(run -> new Place.Scheduled(run.next(2, 9), at)),
        placed(run -> new Place.Blocked(run.at(3), 4)),
        placed(run -> new Place.Suspended(run.marked(Marks.WAKE), at)),
        placed(run -> new Place.Suspended(run, null)));
    TaskId[] tasks = places.stream().map(PlacesContract::task).toArray(TaskId[]::new);

    assertThat(take(tasks)).containsExactlyInAnyOrderElementsOf(places);
    assertThat(take(tasks)).isEmpty();
  }

  @Test
  void put_refusesAHeldPlace() {
    steps().submit();
    Held held = steps().claimOne(steps().open("a"));

    assertThatThrownBy(() -> transact(tx -> tx.places().put(List.of(held))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takeWaiting_leavesHeldTasksAlone() {
    steps().submit();
    Held held = steps().claimOne(steps().open("a"));

    assertThat(take(task(held))).isEmpty();
    assertThat(steps().complete(held)).isTrue();
  }

  @Test
  void takeWaiting_knowsNothingOfTasksThatDoNotExist() {
    assertThat(take(samples().taskId())).isEmpty();
  }

  @Test
  void takeDue_waitsForTheDueTime() {
    Instant at = now().plusSeconds(60);
    Place scheduled = placed(run -> new Place.Scheduled(run, at));
    assertThat(takeDue(10)).isEmpty();
    advance(Duration.ofSeconds(61));

    assertThat(takeDue(10)).containsExactly(scheduled);
    assertThat(takeDue(10)).isEmpty();
  }

  @Test
  void takeDue_takesSuspendedTasksWhoseWakeTimeHasCome() {
    Instant at = now().plusSeconds(60);
    Place sleeping = placed(run -> new Place.Suspended(run, at));
    Place forEver = placed(run -> new Place.Suspended(run, null));
    advance(Duration.ofSeconds(61));

    assertThat(takeDue(10)).containsExactly(sleeping);
    assertThat(take(task(forEver))).containsExactly(forEver);
  }

  @Test
  void takeDue_takesTheOldestFirstUpToTheLimit() {
    Instant now = now();
    Place third = placed(run -> new Place.Scheduled(run, now.plusSeconds(3)));
    Place first = placed(run -> new Place.Scheduled(run, now.plusSeconds(1)));
    Place second = placed(run -> new Place.Suspended(run, now.plusSeconds(2)));
    advance(Duration.ofSeconds(10));

    assertThat(takeDue(2)).containsExactlyInAnyOrder(first, second);
    assertThat(takeDue(2)).containsExactly(third);
  }

  @Test
  void mark_reachesEveryPlace() {
    Instant at = now().plusSeconds(60);
    List<Place> places = new ArrayList<>(List.of(
        placed(run -> new Place.Scheduled(run, at)),
        placed(run -> new Place.Blocked(run, 1)),
        placed(run -> new Place.Suspended(run, at)),
        placed(Place.Ready::new)));
    List<TaskId> tasks = places.stream().map(PlacesContract::task).toList();
    Set<TaskId> marked = storage().transact(tx -> tx.places().mark(tasks, Marks.DEPENDANTS));

    assertThat(marked).containsExactlyInAnyOrderElementsOf(tasks);
    assertThat(take(tasks.toArray(TaskId[]::new)))
        .containsExactlyInAnyOrderElementsOf(places.stream()
            .map(place -> place.with(place.run().marked(Marks.DEPENDANTS)))
            .toList());
  }

  @Test
  void mark_reachesHeldTasks() {
    TaskDefinition task = steps().submit();
    Held held = steps().claimOne(steps().open("a"));
    transact(
        tx -> assertThat(tx.places().mark(Steps.ids(task), Marks.WAKE)).containsExactly(task.id()));

    List<Held> taken =
        storage().transact(tx -> tx.runs().take(List.of(held.run().key())));
    assertThat(taken).containsExactly(held.with(held.run().marked(Marks.WAKE)));
  }

  @Test
  void mark_keepsEarlierMarks() {
    TaskDefinition task = steps().submit();
    transact(tx -> tx.places().mark(Steps.ids(task), Marks.DEPENDANTS));
    transact(tx -> tx.places().mark(Steps.ids(task), Marks.MARK_START));

    Marks both = Marks.DEPENDANTS.with(Marks.MARK_START);
    assertThat(take(task.id()))
        .singleElement()
        .satisfies(place -> assertThat(place.run().marks()).isEqualTo(both));
  }

  @Test
  void mark_survivesAClaim() {
    TaskDefinition task = steps().submit();
    transact(tx -> tx.places().mark(Steps.ids(task), Marks.DEPENDANTS));

    assertThat(steps().claimOne(steps().open("a")).run().marks()).isEqualTo(Marks.DEPENDANTS);
  }

  @Test
  void mark_answersOnlyTasksThatHaveAPlace() {
    TaskDefinition ended = steps().submit();
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();
    TaskDefinition live = steps().submit();

    Set<TaskId> marked = storage()
        .transact(
            tx -> tx.places().mark(List.of(ended.id(), live.id(), samples().taskId()), Marks.WAKE));

    assertThat(marked).containsExactly(live.id());
  }

  @Test
  void takeExpired_takesWhatIsDueOldestFirst() {
    Instant now = now();
    TaskDefinition first = steps().submit();
    TaskDefinition second = steps().submit();
    TaskDefinition later = steps().submit();
    transact(tx -> tx.places()
        .expireAt(Map.of(
            second.id(), now.plusSeconds(2),
            first.id(), now.plusSeconds(1),
            later.id(), now.plusSeconds(3600))));
    assertThat(storage().<List<TaskId>>transact(tx -> tx.places().takeExpired(10)))
        .isEmpty();
    advance(Duration.ofSeconds(30));

    assertThat(storage().<List<TaskId>>transact(tx -> tx.places().takeExpired(1)))
        .containsExactly(first.id());
    assertThat(storage().<List<TaskId>>transact(tx -> tx.places().takeExpired(10)))
        .containsExactly(second.id());
    assertThat(storage().<List<TaskId>>transact(tx -> tx.places().takeExpired(10)))
        .isEmpty();
  }

  @Test
  void expireAt_replacesWhatWasSetBefore() {
    TaskDefinition task = steps().submit();
    Instant later = now().plusSeconds(3600);
    transact(tx -> tx.places().expireAt(Map.of(task.id(), tx.now().plusSeconds(1))));
    transact(tx -> tx.places().expireAt(Map.of(task.id(), later)));
    advance(Duration.ofSeconds(30));

    assertThat(storage().<List<TaskId>>transact(tx -> tx.places().takeExpired(10)))
        .isEmpty();
    assertThat(storage().tasks().find(task.id()).orElseThrow().expiresAt()).isEqualTo(later);
  }

  @Test
  void takeExpired_namesTasksThatEndedLongAgo() {
    TaskDefinition task = steps().submit();
    transact(tx -> tx.places().expireAt(Map.of(task.id(), tx.now().plusSeconds(1))));
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();
    advance(Duration.ofSeconds(30));

    assertThat(storage().<List<TaskId>>transact(tx -> tx.places().takeExpired(10)))
        .containsExactly(task.id());
    assertThat(storage().tasks().find(task.id()).orElseThrow().state())
        .isEqualTo(TaskState.COMPLETED);
  }
}
