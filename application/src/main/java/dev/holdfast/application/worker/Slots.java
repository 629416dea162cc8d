package dev.holdfast.application.worker;

import dev.holdfast.application.loop.Host;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs executions, at most so many at once, each slot on a virtual thread that lives as long as
 * there is work. Safe for concurrent use.
 */
final class Slots {

  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);

  private final int size;
  private final Host host;
  private final Attempts attempts;
  private final IntConsumer left;
  private final Runnable slot = new Slot();
  private final Map<TaskId, Execution> executions = new ConcurrentHashMap<>();
  private final Deque<Execution> queue = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private CompletableFuture<Boolean> emptied = new CompletableFuture<>();
  private int threads;
  private int busy;
  private int queued;
  private boolean closed;

  /**
   * So many slots.
   *
   * @param host runs them
   * @param attempts does one execution, from the handler's call to its settlement's hand-over
   * @param left is called when an execution has left its slot, with how many wait for one
   */
  Slots(int size, Host host, Attempts attempts, IntConsumer left) {
    this.size = size;
    this.host = host;
    this.attempts = attempts;
    this.left = left;
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

  /** Takes executions over; false, and takes none, when it is closed. */
  boolean accept(List<Execution> claimed) {
    int toStart;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      for (Execution execution : claimed) {
        executions.put(execution.task(), execution);
        queue.add(execution);
      }
      queued += claimed.size();
      toStart = Math.min(size - threads, queued);
      threads += toStart;
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < toStart; i++) {
      host.fork("holdfast-slot", slot);
    }
    return true;
  }

  /** Accepts nothing any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
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
    execution.forgotten();
    executions.remove(execution.task(), execution);
  }

  /** Stops one run if it is still this one. */
  void stop(RunKey key, StopCause cause) {
    Execution execution = executions.get(key.task());
    if (execution != null && execution.key().equals(key)) {
      execution.stop(cause);
    }
  }

  /** Waits until no handler runs; false when the patience was over first. */
  boolean awaitIdle(Duration patience) throws InterruptedException {
    try {
      host.await(emptied(), patience);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private CompletableFuture<Boolean> emptied() {
    lock.lock();
    try {
      return threads == 0 ? CompletableFuture.completedFuture(true) : emptied;
    } finally {
      lock.unlock();
    }
  }

  /** What a slot does. Not generic: a handler that waits would keep the bridge's frame too. */
  interface Attempts {

    void make(Execution execution);
  }

  /** A handler that waits keeps this frame, so it is one. */
  private final class Slot implements Runnable {

    @Override
    public void run() {
      for (Execution next = next(); next != null; next = next()) {
        try {
          attempts.make(next);
        } catch (RuntimeException | Error e) {
          // Whatever it was, the slot stays in service.
          LOG.atError().addKeyValue("task", next.task()).setCause(e).log("a run broke its slot");
          forget(next);
        } finally {
          leave();
        }
      }
    }
  }

  private @Nullable Execution next() {
    lock.lock();
    try {
      Execution next = queue.poll();
      if (next == null) {
        threads--;
        if (threads == 0) {
          emptied.complete(true);
          emptied = new CompletableFuture<>();
        }
      } else {
        queued--;
        busy++;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    int waiting;
    lock.lock();
    try {
      busy--;
      waiting = queued;
    } finally {
      lock.unlock();
    }
    // Only now is the slot counted as free for whoever claims the next task.
    left.accept(waiting);
  }
}
