package dev.holdfast.bootstrap.run;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the tasks of a file.
 *
 * @param tasks in the order of the file
 * @param completedBefore how many had completed before this run began
 * @param replayed how many had ended badly before and were started anew
 * @param failures of the first tasks that ended badly; those cancelled for an upstream come last
 */
public record RunReport(
    List<Ended> tasks,
    int completedBefore,
    int replayed,
    List<Failure> failures,
    Duration elapsed) {

  public RunReport {
    tasks = List.copyOf(tasks);
    failures = List.copyOf(failures);
    Objects.requireNonNull(elapsed, "elapsed");
  }

  /** One task of the file. */
  public record Ended(int position, TaskId id, @Nullable String ref, TaskState state) {}

  /** Why a task ended badly. */
  public record Failure(Ended task, String type, int attempts, String errorType, String message) {}

  /** How many tasks ended in which state. */
  public Map<TaskState, Integer> counts() {
    var counts = new EnumMap<TaskState, Integer>(TaskState.class);
    tasks.forEach(task -> counts.merge(task.state(), 1, Integer::sum));
    return counts;
  }

  /** Whether every task completed. */
  public boolean isGood() {
    return tasks.stream().allMatch(task -> task.state() == TaskState.COMPLETED);
  }
}
