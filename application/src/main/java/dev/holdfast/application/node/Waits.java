package dev.holdfast.application.node;

import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the ends of tasks, woken by the transactions of this node; the ends that other nodes
 * make are found by looking every poll. Holds nothing of the storage while it waits. Safe for
 * concurrent use.
 */
final class Waits {

  private final TaskQueries queries;
  private final Duration longestPoll;
  private final Map<TaskId, Set<CountDownLatch>> waiting = new ConcurrentHashMap<>();

  Waits(TaskQueries queries, Duration longestPoll) {
    this.queries = queries;
    this.longestPoll = longestPoll;
  }

  void ended(Collection<TaskId> tasks) {
    if (waiting.isEmpty()) {
      return;
    }
    for (TaskId task : tasks) {
      waiting.getOrDefault(task, Set.of()).forEach(CountDownLatch::countDown);
    }
  }

  Optional<TaskView> await(TaskId task, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      CountDownLatch latch = new CountDownLatch(1);
      register(task, latch);
      try {
        // Looked at after the registration: an end before it is seen, one after it wakes.
        TaskState state = queries.states(List.of(task)).get(task);
        long left = end - System.nanoTime();
        if (state == null || state.isTerminal() || left <= 0) {
          return queries.find(task);
        }
        boolean ignored = latch.await(Math.min(left, longestPoll.toNanos()), TimeUnit.NANOSECONDS);
      } finally {
        unregister(task, latch);
      }
    }
  }

  private void register(TaskId task, CountDownLatch latch) {
    waiting.compute(task, (id, latches) -> {
      Set<CountDownLatch> kept = latches == null ? ConcurrentHashMap.newKeySet() : latches;
      kept.add(latch);
      return kept;
    });
  }

  private void unregister(TaskId task, CountDownLatch latch) {
    waiting.computeIfPresent(task, (id, latches) -> {
      latches.remove(latch);
      return latches.isEmpty() ? null : latches;
    });
  }
}
