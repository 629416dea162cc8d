package dev.holdfast.application.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.task.ReplayAnswer;
import dev.holdfast.application.testing.Await;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Steps of real handlers on a real engine, over failures, lost workers and replays. */
class StepsTest extends SteppingEngine {

  @Test
  void once_answers_what_the_step_came_to_and_keeps_it() throws Exception {
    TaskId task = submit();

    assertThat(await(task).result()).isEqualTo(new Json("1"));
    assertThat(recorded(task)).isEqualTo(Map.of("charge", new Json("1")));
    assertThat(story(task))
        .containsExactly(
            EventType.CREATED, EventType.ASSIGNED, EventType.STARTED, EventType.COMPLETED);
  }

  @Test
  void once_takes_a_step_again_neither_in_the_same_attempt_nor_after_a_failure() throws Exception {
    behaviour = context -> {
      Json first = charge(context);
      assertThat(charge(context)).isEqualTo(first);
      if (context.attempt() < 3) {
        throw new IllegalStateException("not yet");
      }
      return first;
    };

    TaskView done = await(submit());

    assertThat(done.result()).isEqualTo(new Json("1"));
    assertThat(done.attempt()).isEqualTo(3);
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_takes_a_step_again_that_threw() throws Exception {
    behaviour = context -> context.once("charge", () -> {
      if (charges.incrementAndGet() == 1) {
        throw new IllegalStateException("no connection");
      }
      return new Json("true");
    });

    assertThat(await(submit()).result()).isEqualTo(new Json("true"));
    assertThat(charges).hasValue(2);
  }

  @Test
  void once_takes_no_step_again_whose_worker_was_lost_after_it() throws Exception {
    CountDownLatch charged = new CountDownLatch(1);
    behaviour = context -> {
      Json result = charge(context);
      if (context.fence() == 1) {
        charged.countDown();
        linger(context);
      }
      return result;
    };
    TaskId task = submit();
    charged.await();

    storage.sessions().end(onlySession());

    assertThat(await(task).result()).isEqualTo(new Json("1"));
    assertThat(charges).hasValue(1);
    assertThat(calls).hasValue(2);
    assertThat(story(task)).contains(EventType.REASSIGNED);
    assertThat(thrown.take()).isInstanceOf(StaleLease.class);
  }

  /** Stays until it is told to stop, and then wants to take one more step. */
  private void linger(TaskContext context) throws Exception {
    while (!context.isStopping()) {
      Thread.onSpinWait();
    }
    try {
      context.once("late", () -> new Json(Integer.toString(charges.incrementAndGet())));
    } catch (StaleLease e) {
      thrown.add(e);
      throw e;
    }
  }

  private SessionId onlySession() {
    List<SessionId> sessions =
        storage.sessions().nodes().stream().map(n -> n.session()).toList();
    assertThat(sessions).hasSize(1);
    return sessions.getFirst();
  }

  @Test
  void once_stops_a_handler_whose_run_was_taken_while_it_worked() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    behaviour = context -> context.once("charge", () -> {
      if (charges.incrementAndGet() == 1) {
        working.countDown();
        release.acquireUninterruptibly();
      }
      return new Json(Integer.toString(context.fence()));
    });
    TaskId task = submit();
    working.await();
    storage.sessions().end(onlySession());
    Await.until(() -> charges.get() == 2);
    assertThat(await(task).result()).isEqualTo(new Json("2"));

    release.release();

    Await.until(() -> story(task).contains(EventType.COMPLETED));
    assertThat(recorded(task)).isEqualTo(Map.of("charge", new Json("2")));
  }

  @Test
  void once_finds_what_was_recorded_before_a_replay() throws Exception {
    behaviour = context -> {
      Json result = charge(context);
      if (context.fence() == 1) {
        throw TaskFailure.fatal("boom", "no luck");
      }
      return result;
    };
    TaskId task = submit();
    assertThat(await(task).state()).isEqualTo(TaskState.FAILED);

    assertThat(engine.tasks().replay(task)).isInstanceOf(ReplayAnswer.Replayed.class);

    assertThat(await(task).result()).isEqualTo(new Json("1"));
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_by_two_at_the_same_time_answers_both_the_same() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    behaviour = context -> {
      CompletableFuture<Json> other = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> other.complete(unchecked(() -> together(context, together))));
      Json mine = together(context, together);
      assertThat(other.get()).isEqualTo(mine);
      return mine;
    };

    TaskView done = await(submit());

    assertThat(done.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(charges).hasValue(2);
    assertThat(recorded(done.definition().id())).containsValue(done.result());
  }

  private Json together(TaskContext context, CyclicBarrier barrier) throws Exception {
    return context.once("charge", () -> {
      int number = charges.incrementAndGet();
      barrier.await();
      return new Json(Integer.toString(number));
    });
  }
}
