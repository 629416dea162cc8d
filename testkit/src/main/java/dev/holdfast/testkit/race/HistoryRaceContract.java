package dev.holdfast.testkit.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.history.History.Sweep;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The removal of an old task against those who want it again: it is there whole, or not at all. */
public abstract class HistoryRaceContract extends StorageContract {

  private static final Duration LONG = Duration.ofHours(1);

  private TaskDefinition cancelledLongAgo() {
    TaskDefinition task = steps().submit();
    assertThat(commands().cancel(task.id())).isTrue();
    advance(LONG);
    return task;
  }

  private static Sweep sweep(StorageTx tx) {
    return tx.history().removeEnded(tx.now(), null, 100);
  }

  private Sweep sweep() {
    return storage().transact(HistoryRaceContract::sweep);
  }

  private boolean replay(StorageTx tx, TaskId task) {
    tx.facts().lock(List.of(task), true);
    Map<TaskId, RunEnd> ends = tx.facts().lastEnds(List.of(task));
    return ends.containsKey(task)
        && commands().replay(tx, task, Objects.requireNonNull(ends.get(task)));
  }

  @Test
  void removeEnded_duringAReplay_leavesTheTaskAlone() {
    TaskDefinition task = cancelledLongAgo();

    var result = new Duel(storage()).whileOpen(tx -> replay(tx, task.id()), this::sweep);

    assertThat(result.first()).isTrue();
    assertThat(result.second().removed()).isEmpty();
    assertThat(storage().tasks().states(Steps.ids(task))).containsValue(TaskState.PENDING);
    assertThat(storage().events().ofTask(task.id(), 0, 10)).hasSize(3);
  }

  @Test
  void replay_duringItsRemoval_findsNothing() {
    TaskDefinition task = cancelledLongAgo();

    var result = new Duel(storage())
        .whileOpen(
            HistoryRaceContract::sweep,
            () -> storage().<Boolean>transact(tx -> replay(tx, task.id())));

    assertThat(result.first().removed()).hasSize(1);
    assertThat(result.second()).isFalse();
    assertThat(storage().tasks().states(Steps.ids(task))).isEmpty();
  }

  @Test
  void removeEnded_duringALateDependant_leavesTheTaskAlone() {
    TaskDefinition task = cancelledLongAgo();

    var result = new Duel(storage())
        .whileOpen(
            tx -> commands().submitAfter(tx, samples().task(), false, Steps.ids(task)),
            this::sweep);

    assertThat(result.second().removed()).isEmpty();
    assertThat(storage().tasks().states(List.of(task.id(), result.first().id())))
        .containsEntry(task.id(), TaskState.CANCELLED)
        .containsEntry(result.first().id(), TaskState.PENDING);
    assertThat(sweep().removed()).isEmpty();
  }

  @Test
  void removeEnded_duringAnother_removesNothingTwice() {
    TaskDefinition task = cancelledLongAgo();

    var result = new Duel(storage()).whileOpen(HistoryRaceContract::sweep, this::sweep);

    assertThat(result.first().removed()).hasSize(1);
    assertThat(result.second().removed()).isEmpty();
    assertThat(storage().tasks().states(Steps.ids(task))).isEmpty();
  }
}
