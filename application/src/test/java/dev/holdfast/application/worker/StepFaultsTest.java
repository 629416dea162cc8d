package dev.holdfast.application.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.testing.Await;
import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Steps over outages and at their limits. */
class StepFaultsTest extends SteppingEngine {

  @Test
  void once_waits_for_a_storage_that_is_away() throws Exception {
    behaviour = context -> {
      Json result = context.once("charge", () -> {
        storage.down(true);
        return new Json(Integer.toString(charges.incrementAndGet()));
      });
      if (context.fence() == 1) {
        throw new IllegalStateException("not yet");
      }
      return result;
    };
    TaskId task = submit();
    Await.until(() -> charges.get() == 1);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();

    storage.down(false);

    assertThat(await(task).result()).isEqualTo(new Json("1"));
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_recognises_its_own_record_whose_answer_was_lost() throws Exception {
    storage.loseAnswersOf("record", 1);

    assertThat(await(submit()).result()).isEqualTo(new Json("1"));
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_passes_on_what_a_storage_refuses() throws Exception {
    storage.refuse((method, arguments) -> method.equals("record"));

    TaskView failed = await(submit());

    assertThat(failed.state()).isEqualTo(TaskState.FAILED);
    assertThat(failed.error().type()).isEqualTo(StorageRejected.class.getName());
    assertThat(charges).hasValue(3);
  }

  @Test
  void once_maps_what_is_typed() throws Exception {
    behaviour = context -> {
      String text = context.once("greet", String.class, () -> "hello " + calls.get());
      if (context.attempt() == 1) {
        throw new IllegalStateException("not yet");
      }
      return new Json('"' + text + '"');
    };

    assertThat(await(submit()).result()).isEqualTo(new Json("\"hello 1\""));
  }

  @Test
  @SuppressWarnings("NullAway") // what callers without such checks do
  void once_takes_nothing_for_the_json_null() throws Exception {
    behaviour = context -> context.once("nothing", () -> null);

    assertThat(await(submit()).result()).isEqualTo(Json.NULL);
  }

  @Test
  void once_refuses_a_result_that_is_too_large_and_the_task_is_not_tried_again() throws Exception {
    behaviour = context -> context.once("big", () -> {
      charges.incrementAndGet();
      return new Json('"' + "x".repeat(StepResult.MAX_BYTES) + '"');
    });

    TaskView failed = await(submit());

    assertThat(failed.error().type()).isEqualTo("step-result-too-large");
    assertThat(charges).hasValue(1);
  }

  @Test
  void once_refuses_more_steps_than_a_task_may_have() throws Exception {
    String half = '"' + "x".repeat(StepResult.MAX_BYTES - 2) + '"';
    behaviour = context -> {
      for (int i = 0; i < 65; i++) {
        context.once("step-" + i, () -> new Json(half));
      }
      return Json.NULL;
    };

    TaskView failed = await(submit());

    assertThat(failed.error().type()).isEqualTo("too-many-steps");
    assertThat(recorded(failed.definition().id())).hasSize(64);
  }

  @Test
  void once_refuses_keys_that_are_none() throws Exception {
    behaviour = context -> {
      for (String key : List.of("", "x".repeat(101), "a\0b", "a\ud800")) {
        assertThatThrownBy(() -> context.once(key, () -> Json.NULL))
            .isInstanceOf(IllegalArgumentException.class);
      }
      return context.once("x".repeat(100), () -> Json.NULL);
    };

    assertThat(await(submit()).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void once_of_many_steps_shares_transactions() throws Exception {
    int tasks = 8;
    int each = 50;
    behaviour = context -> {
      var done = IntStream.range(0, each)
          .mapToObj(i -> {
            CompletableFuture<Json> step = new CompletableFuture<>();
            Thread.ofVirtual()
                .start(() ->
                    step.complete(unchecked(() -> context.once("step-" + i, () -> Json.NULL))));
            return step;
          })
          .toList();
      done.forEach(CompletableFuture::join);
      return Json.NULL;
    };
    List<TaskId> ids = Stream.generate(this::submit).limit(tasks).toList();

    for (TaskId id : ids) {
      assertThat(await(id).state()).isEqualTo(TaskState.COMPLETED);
      assertThat(recorded(id)).hasSize(each);
    }
    assertThat(storage.transactions()).isLessThan(tasks * each);
  }
}
