package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.needs;
import static dev.holdfast.application.testing.Desk.once;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One task that 5,000 others wait for, and one more behind each of the first hundred. */
class DeferralTest {

  private static final int DEPENDANTS = 5000;
  private static final int BEHIND = 100;

  private final Desk desk = new Desk();
  private final List<TaskId> dependants = new ArrayList<>();
  private TaskId up;

  @BeforeEach
  void submit() {
    up = desk.submit(once());
    NewTask[] batch = new NewTask[DEPENDANTS + BEHIND];
    for (int i = 0; i < DEPENDANTS; i++) {
      batch[i] = work().named("d" + i).after(needs(up));
    }
    for (int i = 0; i < BEHIND; i++) {
      batch[DEPENDANTS + i] = work().after(needs("d" + i));
    }
    dependants.addAll(desk.submitAll(batch));
  }

  private Map<TaskState, Integer> count() {
    Map<TaskState, Integer> count = new TreeMap<>();
    desk.storage.tasks().states(dependants).values().forEach(s -> count.merge(s, 1, Integer::sum));
    return count;
  }

  @Test
  void a_completed_task_frees_them_stretch_by_stretch() {
    desk.complete(desk.claimOnly());
    assertThat(desk.effects.getLast().deferred()).isTrue();
    assertThat(count()).containsOnlyKeys(TaskState.BLOCKED);

    assertThat(desk.deferred.tick()).as("there is more").isZero();
    assertThat(count()).containsEntry(TaskState.PENDING, Dependants.MAX_EDGES);

    desk.settleDown();
    assertThat(count()).isEqualTo(Map.of(TaskState.PENDING, DEPENDANTS, TaskState.BLOCKED, BEHIND));
  }

  @Test
  void a_failed_task_cancels_them_and_those_behind_them() {
    desk.fail(desk.claimOnly());

    desk.settleDown();

    assertThat(count()).isEqualTo(Map.of(TaskState.CANCELLED, DEPENDANTS + BEHIND));
  }

  @Test
  void a_replay_first_works_off_what_the_failure_left_and_then_revives_all() {
    desk.fail(desk.claimOnly());
    desk.deferred.tick();

    desk.replay.replay(up);

    assertThat(count()).isEqualTo(Map.of(TaskState.BLOCKED, DEPENDANTS + BEHIND));
    desk.complete(desk.claimOnly());
    desk.settleDown();
    assertThat(count()).isEqualTo(Map.of(TaskState.PENDING, DEPENDANTS, TaskState.BLOCKED, BEHIND));
  }

  @Test
  void what_was_left_by_an_end_that_was_replayed_since_cancels_nobody() {
    desk.fail(desk.claimOnly());
    desk.settleDown();
    desk.replay.replay(up);
    desk.storage.transact(tx -> {
      tx.dependencies().defer(List.of(new Deferred(up, null)));
      return true;
    });

    desk.settleDown();

    assertThat(count()).isEqualTo(Map.of(TaskState.BLOCKED, DEPENDANTS + BEHIND));
  }
}
