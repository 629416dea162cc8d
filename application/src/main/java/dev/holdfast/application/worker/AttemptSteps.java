package dev.holdfast.application.worker;

import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.value.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The steps of one attempt: those of earlier ones are read once. Safe for concurrent use. */
final class AttemptSteps {

  static final int MAX_STEPS = 10_000;
  static final long MAX_BYTES_OF_ALL = 64L << 20;

  private final Execution execution;
  private final StepDesk desk;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Map<String, Json> known;
  private long bytes;

  AttemptSteps(Execution execution, StepDesk desk) {
    this.execution = execution;
    this.desk = desk;
  }

  /** As {@link TaskContext#once}. */
  Json once(String key, Callable<Json> work) throws Exception {
    StepResult.requireKey(key);
    StepDesk.requireOurs(execution);
    Json before = recorded(key);
    if (before != null) {
      return before;
    }
    Json returned = work.call();
    Json result = returned == null ? Json.NULL : returned;
    requireSize(key, result);
    return remember(key, desk.record(execution, key, result));
  }

  private @Nullable Json recorded(String key) {
    lock.lock();
    try {
      if (known == null) {
        known = new HashMap<>(desk.recorded(execution));
        known.values().forEach(result -> bytes += result.sizeInBytes());
      }
      Json found = known.get(key);
      if (found == null) {
        requireRoom(known.size());
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  private void requireRoom(int steps) {
    if (steps >= MAX_STEPS || bytes >= MAX_BYTES_OF_ALL) {
      throw TaskFailure.fatal(
          "too-many-steps",
          "a task has at most " + MAX_STEPS + " steps of at most " + (MAX_BYTES_OF_ALL >> 20)
              + " MiB together");
    }
  }

  private static void requireSize(String key, Json result) {
    if (result.sizeInBytes() > StepResult.MAX_BYTES) {
      throw TaskFailure.fatal(
          "step-result-too-large", "the result of the step " + key + " has more than 1 MiB");
    }
  }

  private Json remember(String key, Json standing) {
    lock.lock();
    try {
      if (Objects.requireNonNull(known).put(key, standing) == null) {
        bytes += standing.sizeInBytes();
      }
      return standing;
    } finally {
      lock.unlock();
    }
  }
}
