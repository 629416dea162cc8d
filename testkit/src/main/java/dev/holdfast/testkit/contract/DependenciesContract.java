package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who waits for whom. */
public abstract class DependenciesContract extends StorageContract {

  private List<TaskId> ids(int count) {
    return steps().submit(count).stream().map(TaskDefinition::id).toList();
  }

  private void link(Edge... edges) {
    transact(tx -> tx.dependencies().link(List.of(edges)));
  }

  private List<Edge> downstream(@Nullable TaskId after, int limit, TaskId... upstream) {
    return storage().transact(tx -> tx.dependencies().downstream(List.of(upstream), after, limit));
  }

  private TaskId blocked(int open) {
    return storage().transact(tx -> {
      Birth birth = samples().birth(samples().task(), tx.now(), open);
      tx.submissions().create(List.of(birth));
      return birth.definition().id();
    });
  }

  private Map<TaskId, Integer> satisfy(Map<TaskId, Integer> satisfied) {
    return storage().transact(tx -> tx.dependencies().satisfy(satisfied));
  }

  private List<Deferred> takeDeferred(int limit) {
    return storage().transact(tx -> tx.dependencies().takeDeferred(limit));
  }

  @Test
  void downstream_isOrderedByUpstreamThenDownstream() {
    List<TaskId> t = ids(5);
    Edge first = new Edge(t.get(0), t.get(3), true);
    Edge second = new Edge(t.get(0), t.get(4), false);
    Edge third = new Edge(t.get(1), t.get(2), true);
    Edge alien = new Edge(t.get(2), t.get(4), true);
    link(third, second, alien, first);

    assertThat(downstream(null, 10, t.get(1), t.get(0))).containsExactly(first, second, third);
    assertThat(downstream(null, 2, t.get(1), t.get(0))).containsExactly(first, second);
    assertThat(downstream(null, 10, t.get(4))).isEmpty();
  }

  @Test
  void downstream_goesOnBehindATask() {
    List<TaskId> t = ids(5);
    List<Edge> edges =
        t.subList(1, 5).stream().map(down -> new Edge(t.get(0), down, true)).toList();
    link(edges.toArray(Edge[]::new));

    assertThat(downstream(null, 2, t.get(0))).isEqualTo(edges.subList(0, 2));
    assertThat(downstream(t.get(2), 2, t.get(0))).isEqualTo(edges.subList(2, 4));
    assertThat(downstream(t.get(4), 2, t.get(0))).isEmpty();
  }

  @Test
  void upstream_leadsToTheseTasks() {
    List<TaskId> t = ids(4);
    Edge first = new Edge(t.get(0), t.get(2), true);
    Edge second = new Edge(t.get(1), t.get(2), false);
    Edge third = new Edge(t.get(1), t.get(3), true);
    link(first, second, third);

    List<Edge> found = storage().transact(tx -> tx.dependencies().upstream(List.of(t.get(2))));

    assertThat(found).containsExactlyInAnyOrder(first, second);
  }

  @Test
  void link_leavesAnEdgeThatExistsAsItIs() {
    List<TaskId> t = ids(2);
    Edge edge = new Edge(t.get(0), t.get(1), true);
    link(edge);
    link(new Edge(t.get(0), t.get(1), false));

    assertThat(downstream(null, 10, t.get(0))).containsExactly(edge);
  }

  @Test
  void satisfy_lowersByTheWholeNumber() {
    TaskId three = blocked(3);
    TaskId one = blocked(1);

    assertThat(satisfy(Map.of(three, 2, one, 1))).isEqualTo(Map.of(three, 1, one, 0));
    assertThat(satisfy(Map.of(three, 1))).isEqualTo(Map.of(three, 0));
  }

  @Test
  void satisfy_leavesTheTaskBlockedUntilItIsTaken() {
    TaskId task = blocked(1);
    assertThat(satisfy(Map.of(task, 1))).containsEntry(task, 0);

    assertThat(storage().tasks().states(List.of(task))).containsEntry(task, TaskState.BLOCKED);
    List<Place> taken = storage().transact(tx -> tx.places().takeWaiting(List.of(task)));
    assertThat(taken)
        .singleElement()
        .satisfies(place -> assertThat(((Place.Blocked) place).open()).isZero());
  }

  @Test
  void satisfy_andTake_workInOneTransaction() {
    TaskId task = blocked(2);

    List<Place> taken = storage().transact(tx -> {
      assertThat(tx.dependencies().satisfy(Map.of(task, 2))).containsEntry(task, 0);
      return tx.places().takeWaiting(List.of(task));
    });

    assertThat(taken).hasSize(1);
    assertThat(satisfy(Map.of(task, 1))).isEmpty();
  }

  @Test
  void satisfy_leavesOutTasksThatAreNotBlocked() {
    TaskId blocked = blocked(2);
    TaskId pending = steps().submit().id();

    assertThat(satisfy(Map.of(blocked, 1, pending, 1, samples().taskId(), 1)))
        .isEqualTo(Map.of(blocked, 1));
    assertThat(storage().tasks().states(List.of(pending)))
        .containsEntry(pending, TaskState.PENDING);
  }

  @Test
  void takeDeferred_givesEachOnce() {
    List<TaskId> t = ids(3);
    List<Deferred> deferred = List.of(
        new Deferred(t.get(0), null),
        new Deferred(t.get(1), t.get(2)),
        new Deferred(t.get(2), null));
    transact(tx -> tx.dependencies().defer(deferred));

    List<Deferred> first = takeDeferred(2);
    List<Deferred> rest = takeDeferred(2);

    assertThat(first).hasSize(2).isSubsetOf(deferred);
    assertThat(rest).hasSize(1).isSubsetOf(deferred).doesNotContainAnyElementsOf(first);
    assertThat(takeDeferred(2)).isEmpty();
  }

  @Test
  void endOfTheLastUpstream_setsItsDependantFree() {
    TaskDefinition first = steps().submit();
    TaskDefinition second = steps().submit();
    TaskDefinition last = commands().submitAfter(samples().task(), true, Steps.ids(first, second));
    var session = steps().open("a");
    var held = steps().claim(session, 10);
    assertThat(held).hasSize(2);

    assertThat(steps().complete(held.get(0))).isTrue();
    assertThat(storage().tasks().states(Steps.ids(last)))
        .containsEntry(last.id(), TaskState.BLOCKED);
    assertThat(steps().complete(held.get(1))).isTrue();
    assertThat(Steps.tasks(steps().claim(session, 10))).containsExactly(last.id());
  }

  @Test
  void badEndOfAnUpstream_cancelsItsDependants() {
    TaskDefinition first = steps().submit();
    TaskDefinition needs = commands().submitAfter(samples().task(), true, Steps.ids(first));
    TaskDefinition further = commands().submitAfter(samples().task(), true, Steps.ids(needs));
    TaskDefinition waits = commands().submitAfter(samples().task(), false, Steps.ids(first));
    assertThat(commands().cancel(first.id())).isTrue();
    TaskDefinition late = commands().submitAfter(samples().task(), true, Steps.ids(first));

    assertThat(storage().tasks().states(Steps.ids(needs, further, waits, late)))
        .isEqualTo(Map.of(
            needs.id(), TaskState.CANCELLED,
            further.id(), TaskState.CANCELLED,
            waits.id(), TaskState.PENDING,
            late.id(), TaskState.CANCELLED));
  }
}
