package dev.holdfast.testkit.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Dependants and replays against what they depend on: nobody waits for ever, nobody runs twice. */
public abstract class DependencyRaceContract extends StorageContract {

  private Duel duel() {
    return new Duel(storage());
  }

  private TaskState state(TaskDefinition task) {
    return storage().tasks().find(task.id()).orElseThrow().state();
  }

  @Test
  void completion_duringALateDependence_setsTheDependantFree() {
    TaskDefinition first = steps().submit();
    Held held = steps().claimOne(steps().open("a"));

    var result = duel()
        .whileOpen(
            tx -> commands().submitAfter(tx, samples().task(), true, Steps.ids(first)),
            () -> steps().complete(held));

    assertThat(result.second()).isTrue();
    assertThat(state(result.first())).isEqualTo(TaskState.PENDING);
  }

  @Test
  void lateDependence_duringACompletion_setsTheDependantFree() {
    TaskDefinition first = steps().submit();
    Held held = steps().claimOne(steps().open("a"));

    var result = duel()
        .whileOpen(
            tx -> steps().complete(tx, List.of(held)),
            () -> commands().submitAfter(samples().task(), true, Steps.ids(first)));

    assertThat(state(result.second())).isEqualTo(TaskState.PENDING);
  }

  @Test
  void completion_ofTwoUpstreamsAtOnce_countsBoth() {
    List<TaskDefinition> upstream = steps().submit(2);
    TaskDefinition last = commands().submitAfter(samples().task(), true, ids(upstream));

    assertThat(steps().complete(steps().claim(steps().open("a"), 2))).hasSize(2);

    assertThat(state(last)).isEqualTo(TaskState.PENDING);
  }

  @Test
  void completion_duringTheCompletionOfAnotherUpstream_countsBoth() {
    List<TaskDefinition> upstream = steps().submit(2);
    TaskDefinition last = commands().submitAfter(samples().task(), true, ids(upstream));
    List<Held> held = steps().claim(steps().open("a"), 2);

    duel()
        .whileOpen(
            tx -> steps().complete(tx, held.subList(0, 1)), () -> steps().complete(held.get(1)));

    assertThat(state(last)).isEqualTo(TaskState.PENDING);
    assertThat(steps().claim(steps().open("a"), 5)).hasSize(1);
  }

  @Test
  void cancel_ofADependant_duringItsRelease_endsIt() {
    TaskDefinition first = steps().submit();
    TaskDefinition last = commands().submitAfter(samples().task(), true, Steps.ids(first));
    Held held = steps().claimOne(steps().open("a"));

    var result = duel()
        .whileOpen(tx -> steps().complete(tx, List.of(held)), () -> commands().cancel(last.id()));

    assertThat(result.second()).isTrue();
    assertThat(state(last)).isEqualTo(TaskState.CANCELLED);
    assertThat(steps().claim(steps().open("a"), 5)).isEmpty();
  }

  @Test
  void replay_duringAReplay_isNoSecondOne() {
    TaskDefinition task = steps().submit();
    assertThat(commands().cancel(task.id())).isTrue();
    RunEnd last = lastEnd(task);

    var result = duel()
        .whileOpen(
            tx -> commands().replay(tx, task.id(), last), () -> commands().replay(task.id()));

    assertThat(result.first()).isTrue();
    assertThat(result.second()).isFalse();
    assertThat(steps().claim(steps().open("a"), 5)).hasSize(1);
  }

  @Test
  void replay_onAnOldEnd_isNoSecondOneAndStopsNoLane() {
    TaskDefinition task = steps().submit();
    assertThat(commands().cancel(task.id())).isTrue();
    RunEnd last = lastEnd(task);
    assertThat(commands().replay(task.id())).isTrue();
    SessionId session = steps().open("a");
    Held held = steps().claimOne(session);
    boolean again = storage().transact(tx -> commands().replay(tx, task.id(), last));
    steps().submit(3);

    assertThat(again).isFalse();
    assertThat(steps().claim(session, 10)).hasSize(3);
    assertThat(steps().complete(held)).isTrue();
  }

  @Test
  void replay_duringALateDependence_seesTheDependant() {
    TaskDefinition first = steps().submit();
    assertThat(commands().cancel(first.id())).isTrue();

    var result = duel()
        .whileOpen(
            tx -> commands().submitAfter(tx, samples().task(), true, Steps.ids(first)),
            () -> storage().<List<Edge>>transact(tx -> {
              tx.facts().lock(Steps.ids(first), true);
              return tx.dependencies().downstream(Steps.ids(first), null, 10);
            }));

    assertThat(result.second())
        .containsExactly(new Edge(first.id(), result.first().id(), true));
    assertThat(state(result.first())).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void takeDeferred_duringATakeDeferred_givesEachOnce() {
    List<TaskId> tasks = ids(steps().submit(4));
    transact(tx -> tx.dependencies()
        .defer(tasks.stream().map(task -> new Deferred(task, null)).toList()));

    var result = duel().whileOpen(tx -> tx.dependencies().takeDeferred(2), () -> takeDeferred(10));
    List<Deferred> all = new ArrayList<>(result.first());
    all.addAll(result.second());
    all.addAll(takeDeferred(10));

    assertThat(all).extracting(Deferred::upstream).containsExactlyInAnyOrderElementsOf(tasks);
  }

  private List<Deferred> takeDeferred(int limit) {
    return storage().transact(tx -> tx.dependencies().takeDeferred(limit));
  }

  private RunEnd lastEnd(TaskDefinition task) {
    return storage()
        .transact(
            tx -> Objects.requireNonNull(tx.facts().lastEnds(Steps.ids(task)).get(task.id())));
  }

  @Test
  void create_ofWhatTheStorageCannotKeep_isRefusedWhole() {
    TaskDefinition good = samples().define(samples().task(), now());
    TaskDefinition bad = samples().define(samples().task(), now());
    Json unusual = new Json("{\"a\": \"\\u0000\"}");
    boolean kept = kept(List.of(birth(good, Json.EMPTY_OBJECT), birth(bad, unusual)));

    assertThat(storage().tasks().states(Steps.ids(good, bad))).hasSize(kept ? 2 : 0);
    assertThatCode(() -> steps().submit(NewTask.of("echo", Json.NULL))).doesNotThrowAnyException();
  }

  private static Birth birth(TaskDefinition task, Json payload) {
    return new Birth(task, payload, Lifecycle.born(task, 0, Marks.NONE));
  }

  private boolean kept(List<Birth> births) {
    try {
      transact(tx -> tx.submissions().create(births));
      return true;
    } catch (StorageRejected refused) {
      return false;
    }
  }

  private static List<TaskId> ids(List<TaskDefinition> tasks) {
    return tasks.stream().map(TaskDefinition::id).toList();
  }
}
