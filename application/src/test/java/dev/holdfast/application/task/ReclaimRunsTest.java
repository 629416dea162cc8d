package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.once;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReclaimRunsTest {

  private final Desk desk = new Desk();

  private void start(Assignment run) {
    assertThat(desk.notes.write(List.of(new WriteNotes.NoteRequest(
            run.definition(), run.held().run().key(), desk.now(), null))))
        .containsExactly(run.held().run().key());
  }

  /** The node dies, somebody takes back what it held, and it comes again. */
  private void lose() {
    desk.storage.sessions().end(desk.session);
    while (desk.reclaim.tick().isZero()) {
      // More is held.
    }
    desk.session = desk.open("desk");
  }

  @Test
  void a_live_session_loses_nothing() {
    TaskId task = desk.submit(work());
    desk.claimOnly();

    assertThat(desk.reclaim.tick()).isPositive();

    assertThat(desk.state(task)).isEqualTo(TaskState.CLAIMED);
  }

  @Test
  void a_run_that_had_not_started_comes_back_with_its_attempt_unchanged() {
    TaskId task = desk.submit(once());
    desk.claimOnly();

    lose();

    Assignment again = desk.claimOnly();
    assertThat(again.held().run().attempt()).isEqualTo(1);
    assertThat(again.held().run().marks().has(Marks.MARK_START)).isTrue();
    assertThat(desk.story(task)).contains(EventType.REASSIGNED);
  }

  @Test
  void a_run_that_had_started_costs_an_attempt() {
    desk.submit(work());
    start(desk.claimOnly());

    lose();

    assertThat(desk.claimOnly().held().run().attempt()).isEqualTo(2);
  }

  @Test
  void the_last_attempt_that_had_started_is_a_dead_letter() {
    TaskId task = desk.submit(once());
    start(desk.claimOnly());

    lose();

    assertThat(desk.view(task).state()).isEqualTo(TaskState.FAILED);
    assertThat(desk.view(task).error().type()).isEqualTo(TaskError.WORKER_LOST);
    assertThat(desk.story(task)).endsWith(EventType.REASSIGNED, EventType.DEAD_LETTERED);
    assertThat(desk.effects.getLast().ended()).containsEntry(task, TaskState.FAILED);
  }

  @Test
  void a_task_that_must_not_be_started_twice_fails_when_it_had_started() {
    RunPolicy policy = new RunPolicy(5, RunPolicy.DEFAULT.retry(), null, null, WorkerLoss.FAIL);
    TaskId task = desk.submit(work().withPolicy(policy));
    Assignment run = desk.claimOnly();
    assertThat(run.held().run().marks().has(Marks.MARK_START)).isTrue();

    lose();
    assertThat(desk.state(task)).as("not started").isEqualTo(TaskState.PENDING);

    start(desk.claimOnly());
    lose();
    assertThat(desk.state(task)).isEqualTo(TaskState.FAILED);
  }

  @Test
  void a_task_that_kills_its_worker_is_a_dead_letter_after_its_attempts() {
    TaskId task = desk.submit(work().withPolicy(Desk.policy(3)));
    int calls = 0;
    while (!desk.state(task).isTerminal()) {
      start(desk.claimOnly());
      calls++;
      lose();
    }

    assertThat(calls).isEqualTo(3);
    assertThat(desk.state(task)).isEqualTo(TaskState.FAILED);
  }

  @Test
  void a_cancel_that_was_asked_is_carried_out_by_the_loss() {
    TaskId task = desk.submit(work());
    desk.claimOnly();
    desk.cancel.cancel(task, "enough", false);

    lose();

    assertThat(desk.state(task)).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void thousands_are_taken_back_in_bounded_transactions() {
    desk.submitAll(java.util.stream.Stream.generate(Desk::work)
        .limit(2500)
        .toArray(dev.holdfast.domain.task.NewTask[]::new));
    int claimed = 0;
    for (List<Assignment> some = desk.claim(500); !some.isEmpty(); some = desk.claim(500)) {
      claimed += some.size();
    }
    assertThat(claimed).isEqualTo(2500);
    desk.storage.sessions().end(desk.session);

    assertThat(desk.reclaim.tick()).isZero();
    assertThat(desk.reclaim.tick()).isZero();
    assertThat(desk.reclaim.tick()).isZero();
    assertThat(desk.reclaim.tick()).isPositive();

    desk.session = desk.open("desk");
    assertThat(desk.claim(500)).hasSize(500);
  }
}
