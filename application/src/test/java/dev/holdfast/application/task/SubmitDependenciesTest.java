package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.needs;
import static dev.holdfast.application.testing.Desk.once;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubmitDependenciesTest {

  private final Desk desk = new Desk();

  private TaskId dead() {
    TaskId dead = desk.submit(once());
    desk.fail(desk.claimOnly());
    assertThat(desk.state(dead)).isEqualTo(TaskState.FAILED);
    return dead;
  }

  private static List<Dependency> optional(TaskId task) {
    return List.of(new Dependency(new TaskLink.Existing(task), false));
  }

  @Test
  void a_task_whose_dependency_ended_badly_is_cancelled_at_once_and_those_behind_it() {
    TaskId dead = dead();

    List<TaskId> ids = desk.submitAll(
        work().named("a").after(needs(dead)),
        work().named("b").after(needs("a")),
        work().named("c").after(needs("b")),
        work().named("free"));

    assertThat(ids)
        .extracting(desk::state)
        .containsExactly(
            TaskState.CANCELLED, TaskState.CANCELLED, TaskState.CANCELLED, TaskState.PENDING);
    TaskError error = desk.view(ids.get(2)).error();
    assertThat(error.type()).isEqualTo(TaskError.UPSTREAM_FAILED);
    assertThat(error.message()).isEqualTo(ids.get(1).toString());
    assertThat(desk.story(ids.get(0))).containsExactly(EventType.CREATED, EventType.CANCELLED);
    assertThat(desk.effects.getLast().endedTasks())
        .containsExactlyInAnyOrderElementsOf(ids.subList(0, 3));
  }

  @Test
  void an_optional_dependency_that_ended_badly_holds_nobody_back() {
    assertThat(desk.state(desk.submit(work().after(optional(dead())))))
        .isEqualTo(TaskState.PENDING);
  }

  @Test
  void an_optional_dependency_in_the_batch_on_a_cancelled_one_holds_nobody_back() {
    TaskId dead = dead();

    List<TaskId> ids = desk.submitAll(
        work().named("a").after(needs(dead)),
        work().after(List.of(new Dependency(new TaskLink.InBatch("a"), false))));

    assertThat(ids).extracting(desk::state).containsExactly(TaskState.CANCELLED, TaskState.PENDING);
  }

  @Test
  void a_late_dependency_on_a_pending_task_waits_for_its_end() {
    TaskId up = desk.submit(work());
    TaskId down = desk.submit(work().after(needs(up)));
    assertThat(desk.state(down)).isEqualTo(TaskState.BLOCKED);

    desk.complete(desk.claimOnly());

    assertThat(desk.state(down)).isEqualTo(TaskState.PENDING);
  }

  @Test
  void a_late_dependency_on_a_claimed_task_waits_for_its_end() {
    TaskId up = desk.submit(once());
    var run = desk.claimOnly();
    TaskId down = desk.submit(work().after(needs(up)));

    desk.fail(run);

    assertThat(desk.state(down)).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void a_late_dependency_on_a_completed_task_holds_nobody_back() {
    TaskId up = desk.submit(work());
    desk.complete(desk.claimOnly());

    assertThat(desk.state(desk.submit(work().after(needs(up))))).isEqualTo(TaskState.PENDING);
  }

  @Test
  void a_late_dependency_on_a_replayed_task_waits_for_its_new_end() {
    TaskId up = dead();
    desk.replay.replay(up);

    TaskId down = desk.submit(work().after(needs(up)));

    assertThat(desk.state(down)).isEqualTo(TaskState.BLOCKED);
    desk.complete(desk.claimOnly());
    assertThat(desk.state(down)).isEqualTo(TaskState.PENDING);
  }

  @Test
  void a_delayed_task_is_scheduled_once_its_dependency_is_met() {
    TaskId up = desk.submit(work());
    TaskId down = desk.submit(work().due(new Due.After(Duration.ofMinutes(1))).after(needs(up)));

    desk.complete(desk.claimOnly());
    assertThat(desk.state(down)).isEqualTo(TaskState.SCHEDULED);
    assertThat(desk.effects.getLast().dues()).hasSize(1);

    desk.clock.advance(Duration.ofMinutes(2));
    desk.settleDown();
    assertThat(desk.state(down)).isEqualTo(TaskState.PENDING);
    assertThat(desk.story(down)).containsExactly(EventType.CREATED, EventType.SCHEDULED);
  }

  @Test
  void a_due_time_that_has_passed_means_now() {
    TaskId task = desk.submit(work().due(new Due.At(desk.now().minusSeconds(5))));

    assertThat(desk.state(task)).isEqualTo(TaskState.PENDING);
    assertThat(desk.view(task).definition().dueAt()).isNull();
  }
}
