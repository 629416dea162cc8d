package dev.holdfast.domain.run;

import dev.holdfast.domain.value.TaskId;
import java.util.Comparator;
import java.util.Objects;

/**
 * One run of one task: the fence of its lease.
 *
 * @param number counts the claims of the task from 1; grows over retries, hand-backs and replays
 */
public record RunKey(TaskId task, int number) implements Comparable<RunKey> {

  private static final Comparator<RunKey> ORDER =
      Comparator.comparing(RunKey::task).thenComparingInt(RunKey::number);

  public RunKey {
    Objects.requireNonNull(task, "task");
    if (number < 1) {
      throw new IllegalArgumentException("run counts from 1, got " + number);
    }
  }

  @Override
  public int compareTo(RunKey other) {
    return ORDER.compare(this, other);
  }
}
