package dev.holdfast.application.worker;

import dev.holdfast.application.loop.LoopThreads;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs executions, at most so many at once, each slot on a virtual thread that lives as long as
 * there is work. Safe for concurrent use.
 */
final class Slots {

  private final int size;
  private final Consumer<Execution> run;
  private final Map<TaskId, Execution> executions = new ConcurrentHashMap<>();
  private final Deque<Execution> queue = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition emptied = lock.newCondition();
  private int busy;
  private int queued;

  /** {@code run} does one execution, from the handler's call to its settlement's hand-over. */
  Slots(int size, Consumer<Execution> run) {
    this.size = size;
    this.run = run;
  }

  int size() {
    return size;
  }

  /** How many could begin at once. */
  int free() {
    lock.lock();
    try {
      return Math.max(0, size - busy - queued);
    } finally {
      lock.unlock();
    }
  }

  /** How many wait for a slot. */
  int queued() {
    lock.lock();
    try {
      return queued;
    } finally {
      lock.unlock();
    }
  }

  int busy() {
    lock.lock();
    try {
      return busy;
    } finally {
      lock.unlock();
    }
  }

  /** Everything that was accepted and is not settled. */
  Collection<Execution> executions() {
    return executions.values();
  }

  void accept(List<Execution> claimed) {
    int toStart;
    lock.lock();
    try {
      for (Execution execution : claimed) {
        executions.put(execution.task(), execution);
        queue.add(execution);
      }
      queued += claimed.size();
      toStart = Math.min(size - busy, queued);
      busy += toStart;
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < toStart; i++) {
      LoopThreads.handlerThread("holdfast-slot", this::serve);
    }
  }

  /** Takes back what has not begun, in order to give it back. */
  List<Execution> withdrawQueued() {
    lock.lock();
    try {
      List<Execution> withdrawn = new ArrayList<>();
      for (Execution next = queue.poll(); next != null; next = queue.poll()) {
        withdrawn.add(next);
      }
      queued = 0;
      return withdrawn;
    } finally {
      lock.unlock();
    }
  }

  void forget(Execution execution) {
    executions.remove(execution.task(), execution);
  }

  /** Stops one run if it is still this one. */
  void stop(RunKey key, StopCause cause) {
    Execution execution = executions.get(key.task());
    if (execution != null && execution.key().equals(key)) {
      execution.stop(cause);
    }
  }

  /** Stops whatever run of the task is here. */
  void stop(TaskId task, StopCause cause) {
    Execution execution = executions.get(task);
    if (execution != null) {
      execution.stop(cause);
    }
  }

  /** Waits until no handler runs; false when the patience was over first. */
  boolean awaitIdle(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (busy > 0 && nanos > 0) {
        nanos = emptied.awaitNanos(nanos);
      }
      return busy == 0;
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    for (Execution next = next(); next != null; next = next()) {
      run.accept(next);
    }
  }

  private @Nullable Execution next() {
    lock.lock();
    try {
      Execution next = queue.poll();
      if (next == null) {
        busy--;
        if (busy == 0) {
          emptied.signalAll();
        }
      } else {
        queued--;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
