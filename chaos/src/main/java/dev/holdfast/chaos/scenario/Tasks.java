package dev.holdfast.chaos.scenario;

import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Tasks to submit. */
public final class Tasks {

  /** Tries again soon. */
  public static final RetryPolicy SOON = new RetryPolicy(
      BackoffStrategy.FIXED, Duration.ofMillis(50), Duration.ofMillis(50), 0, List.of());

  private Tasks() {}

  /** Tasks that sleep for so many milliseconds. */
  public static List<NewTask> sleeping(String keys, int count, int millis) {
    return of("sleep", "{\"ms\":" + millis + "}", keys, count, task -> task);
  }

  /** Tasks that wait for a gate. */
  public static List<NewTask> holding(String keys, int count, int gate) {
    return of("hold", "{\"gate\":" + gate + "}", keys, count, task -> task);
  }

  /** Tasks of a type, with keys of their own. */
  public static List<NewTask> of(
      String type, String payload, String keys, int count, UnaryOperator<NewTask> change) {
    List<NewTask> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(change.apply(NewTask.of(type, new Json(payload)).withKey(keys + "-" + i)));
    }
    return tasks;
  }
}
