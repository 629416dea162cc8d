package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.needs;
import static dev.holdfast.application.testing.Desk.once;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReplayTaskTest {

  private static final ReplayAnswer PENDING = new ReplayAnswer.Replayed(TaskState.PENDING);

  private final Desk desk = new Desk();

  private TaskId dead() {
    TaskId task = desk.submit(once());
    desk.fail(desk.claimOnly());
    return task;
  }

  private static List<Dependency> optional(String ref) {
    return List.of(new Dependency(new TaskLink.InBatch(ref), false));
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Ends the held runs of these tasks, as told, and no others. */
  private void end(boolean isGood, TaskId... tasks) {
    List<Assignment> held = desk.claim(100);
    for (Assignment one : held) {
      if (List.of(tasks).contains(one.definition().id())) {
        assertThat(isGood ? desk.complete(one) : desk.fail(one))
            .isEqualTo(new SettleRuns.Answer.Accepted());
      } else {
        desk.settle(one, new dev.holdfast.domain.run.Outcome.Released(null));
      }
    }
  }

  @Test
  void replay_starts_a_dead_letter_anew_with_attempts_from_one_and_the_fence_going_on() {
    TaskId task = dead();

    assertThat(desk.replay.replay(task)).isEqualTo(PENDING);

    Assignment run = desk.claimOnly();
    assertThat(run.held().run().attempt()).isEqualTo(1);
    assertThat(run.held().run().key().number()).isEqualTo(2);
    desk.complete(run);
    assertThat(desk.story(task))
        .containsExactly(
            EventType.CREATED,
            EventType.ASSIGNED,
            EventType.STARTED,
            EventType.FAILED,
            EventType.DEAD_LETTERED,
            EventType.REPLAYED,
            EventType.ASSIGNED,
            EventType.STARTED,
            EventType.COMPLETED);
  }

  @Test
  void replay_of_what_lives_completed_or_is_unknown_says_so() {
    TaskId live = desk.submit(work());
    assertThat(desk.replay.replay(live))
        .isEqualTo(new ReplayAnswer.NotReplayable(TaskState.PENDING));
    desk.complete(desk.claimOnly());

    assertThat(desk.replay.replay(live))
        .isEqualTo(new ReplayAnswer.NotReplayable(TaskState.COMPLETED));
    assertThat(desk.replay.replay(new TaskId(new UUID(7, 7))))
        .isEqualTo(new ReplayAnswer.Unknown());
  }

  @Test
  void replay_twice_revives_once() {
    TaskId task = dead();

    desk.replay.replay(task);

    assertThat(desk.replay.replay(task))
        .isEqualTo(new ReplayAnswer.NotReplayable(TaskState.PENDING));
    assertThat(desk.story(task)).filteredOn(EventType.REPLAYED::equals).hasSize(1);
  }

  @Test
  void a_replay_whose_answer_was_lost_has_revived_once() {
    TaskId task = dead();
    desk.storage.loseAnswersOf("note", 1);
    assertThatThrownBy(() -> desk.replay.replay(task)).isInstanceOf(StorageUnavailable.class);

    assertThat(desk.replay.replay(task)).isInstanceOf(ReplayAnswer.NotReplayable.class);
    assertThat(desk.claim(10)).hasSize(1);
  }

  @Test
  void replay_of_a_task_that_users_cancelled_revives_it_and_its_dependants() {
    List<TaskId> ids = desk.submitAll(work().named("a"), work().after(needs("a")));
    desk.cancel.cancel(ids.get(0), "no", false);
    assertThat(desk.state(ids.get(1))).isEqualTo(TaskState.CANCELLED);

    assertThat(desk.replay.replay(ids.get(0))).isEqualTo(PENDING);

    assertThat(desk.state(ids.get(1))).isEqualTo(TaskState.BLOCKED);
  }

  @Test
  void replay_of_a_dependant_names_the_upstream_that_is_still_bad() {
    List<TaskId> ids = desk.submitAll(once().named("a"), work().after(needs("a")));
    end(false, ids.get(0));

    assertThat(desk.replay.replay(ids.get(1)))
        .isEqualTo(new ReplayAnswer.UpstreamBad(ids.get(0), TaskState.FAILED));
  }

  @Test
  void a_diamond_is_revived_whole_and_its_end_waits_for_both_sides() {
    List<TaskId> ids = desk.submitAll(
        once().named("top"),
        work().named("left").after(needs("top")),
        work().named("right").after(needs("top")),
        work().named("bottom").after(needs("left", "right", "top")));
    end(false, ids.get(0));
    assertThat(ids.subList(1, 4)).extracting(desk::state).containsOnly(TaskState.CANCELLED);

    desk.replay.replay(ids.get(0));

    assertThat(ids.subList(1, 4)).extracting(desk::state).containsOnly(TaskState.BLOCKED);
    end(true, ids.get(0));
    end(true, ids.get(1));
    assertThat(desk.state(ids.get(3))).isEqualTo(TaskState.BLOCKED);
    end(true, ids.get(2));
    assertThat(desk.state(ids.get(3))).isEqualTo(TaskState.PENDING);
  }

  @Test
  void
      dependants_that_users_cancelled_or_that_expired_stay_ended_and_so_does_what_waits_for_them() {
    RunPolicy policy =
        new RunPolicy(1, RunPolicy.DEFAULT.retry(), null, Duration.ofMinutes(1), WorkerLoss.RETRY);
    List<TaskId> ids = desk.submitAll(
        once().named("root"),
        work().named("unwanted").after(needs("root")),
        work().named("late").withPolicy(policy).after(needs("root")),
        work().after(needs("unwanted", "root")),
        work().after(needs("late", "root")),
        work().after(needs("root")));
    desk.cancel.cancel(ids.get(1), "not wanted", false);
    desk.clock.advance(Duration.ofMinutes(1));
    desk.expire.tick();
    end(false, ids.get(0));

    desk.replay.replay(ids.get(0));

    assertThat(ids)
        .extracting(desk::state)
        .containsExactly(
            TaskState.PENDING,
            TaskState.CANCELLED,
            TaskState.TIMED_OUT,
            TaskState.CANCELLED,
            TaskState.CANCELLED,
            TaskState.BLOCKED);
  }

  @Test
  void with_two_failed_roots_the_second_replay_revives() {
    List<TaskId> ids =
        desk.submitAll(once().named("a"), once().named("b"), work().after(needs("a", "b")));
    end(false, ids.get(0), ids.get(1));

    desk.replay.replay(ids.get(0));
    assertThat(desk.state(ids.get(2))).as("b holds it back").isEqualTo(TaskState.CANCELLED);

    desk.replay.replay(ids.get(1));
    assertThat(desk.state(ids.get(2))).isEqualTo(TaskState.BLOCKED);
    end(true, ids.get(0), ids.get(1));
    assertThat(desk.state(ids.get(2))).isEqualTo(TaskState.PENDING);
  }

  @Test
  void an_optional_dependency_that_is_replayed_is_waited_for_again_and_counted_once() {
    List<TaskId> ids = desk.submitAll(
        once().named("maybe"),
        work().named("must"),
        work().after(both(optional("maybe"), needs("must"))));
    TaskId down = ids.get(2);
    end(false, ids.get(0));
    desk.replay.replay(ids.get(0));
    end(false, ids.get(0));
    desk.replay.replay(ids.get(0));

    end(true, ids.get(0));
    assertThat(desk.state(down))
        .as("it must wait for the required one")
        .isEqualTo(TaskState.BLOCKED);

    end(true, ids.get(1));
    assertThat(desk.state(down)).isEqualTo(TaskState.PENDING);
  }

  @Test
  void an_optional_dependency_that_is_revived_with_its_dependant_is_waited_for() {
    List<TaskId> ids = desk.submitAll(
        once().named("root"),
        work().named("maybe").after(needs("root")),
        work().named("must"),
        work().after(both(optional("maybe"), needs("root", "must"))));
    TaskId down = ids.get(3);
    end(false, ids.get(0));
    assertThat(desk.state(down)).isEqualTo(TaskState.CANCELLED);

    desk.replay.replay(ids.get(0));
    end(true, ids.get(0));
    end(true, ids.get(2));
    assertThat(desk.state(down)).as("maybe lives").isEqualTo(TaskState.BLOCKED);

    end(true, ids.get(1));
    assertThat(desk.state(down)).isEqualTo(TaskState.PENDING);
  }

  @Test
  void replay_computes_the_expiry_anew_and_keeps_a_due_time_that_has_not_come() {
    RunPolicy policy =
        new RunPolicy(1, RunPolicy.DEFAULT.retry(), null, Duration.ofMinutes(10), WorkerLoss.RETRY);
    TaskId task = desk.submit(work().withPolicy(policy).due(new Due.After(Duration.ofHours(1))));
    desk.cancel.cancel(task, "no", false);
    desk.clock.advance(Duration.ofMinutes(30));

    assertThat(desk.replay.replay(task)).isEqualTo(new ReplayAnswer.Replayed(TaskState.SCHEDULED));
    assertThat(desk.view(task).expiresAt()).isEqualTo(desk.now().plus(Duration.ofMinutes(40)));

    desk.clock.advance(Duration.ofMinutes(41));
    desk.expire.tick();
    assertThat(desk.state(task)).isEqualTo(TaskState.TIMED_OUT);

    desk.clock.advance(Duration.ofDays(1));
    desk.replay.replay(task);
    assertThat(desk.view(task).expiresAt()).isEqualTo(desk.now().plus(Duration.ofMinutes(10)));
  }
}
