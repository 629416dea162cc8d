package dev.holdfast.application.worker;

import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run on this node, from the claim to its settlement. Safe for concurrent use.
 *
 * <p>An interrupt reaches the handler's thread only between {@link #begin} and {@link #finish}, so
 * that it can never hit the next task of the same slot.
 */
final class Execution {

  private final Assignment assignment;
  private final Instant claimedAt;
  private final long claimedNanos;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread thread;
  private final Set<StopCause> told = EnumSet.noneOf(StopCause.class);
  private @Nullable StopCause stop;
  private boolean settled;
  private boolean startRecorded;
  private volatile long beganNanos;
  private volatile boolean running;
  private @Nullable Progress news;
  private long newsSentNanos;

  /** A run claimed at {@code claimedAt} by the storage's clock, {@code claimedNanos} by ours. */
  Execution(Assignment assignment, Instant claimedAt, long claimedNanos, LongSupplier nanos) {
    this.assignment = assignment;
    this.claimedAt = claimedAt;
    this.claimedNanos = claimedNanos;
    this.nanos = nanos;
  }

  Assignment assignment() {
    return assignment;
  }

  TaskId task() {
    return assignment.definition().id();
  }

  RunKey key() {
    return assignment.held().run().key();
  }

  boolean mustRecordStart() {
    return assignment.held().run().marks().has(Marks.MARK_START);
  }

  /** The storage's time now: that of the claim and our monotonic time since. */
  Instant now() {
    return at(nanos.getAsLong());
  }

  Instant beganAt() {
    return at(beganNanos);
  }

  private Instant at(long nanos) {
    long micros = Math.max(0, (nanos - claimedNanos) / 1000);
    return claimedAt.plusNanos(micros * 1000);
  }

  @Nullable
  Instant deadline() {
    Duration timeout = assignment.definition().policy().timeout();
    return timeout == null ? null : beganAt().plus(timeout);
  }

  /** The handler is about to run on this thread; false when it was stopped before. */
  boolean begin() {
    // What the slot's last task left behind is none of this one's business.
    boolean ignored = Thread.interrupted();
    lock.lock();
    try {
      if (stop != null) {
        return false;
      }
      thread = Thread.currentThread();
      beganNanos = nanos.getAsLong();
      running = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The handler has ended; no interrupt reaches its thread after this. */
  void finish() {
    lock.lock();
    try {
      thread = null;
      running = false;
    } finally {
      lock.unlock();
    }
    // Clears what arrived between the handler's end and here: the slot's next task is innocent.
    boolean ignored = Thread.interrupted();
  }

  /** Asks the handler to stop, once for each cause; the first cause but a revocation stays. */
  void stop(StopCause cause) {
    lock.lock();
    try {
      if (stop == null || cause == StopCause.REVOKED) {
        stop = cause;
      }
      if (told.add(cause) && thread != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  @Nullable
  StopCause stopCause() {
    lock.lock();
    try {
      return stop;
    } finally {
      lock.unlock();
    }
  }

  boolean isRunning() {
    return running;
  }

  /** Whether the caller is the one that may settle it: true once. */
  boolean takeSettlement() {
    lock.lock();
    try {
      boolean mine = !settled;
      settled = true;
      return mine;
    } finally {
      lock.unlock();
    }
  }

  Duration runningFor() {
    return Duration.ofNanos(nanos.getAsLong() - beganNanos);
  }

  void report(Progress progress) {
    lock.lock();
    try {
      news = progress;
    } finally {
      lock.unlock();
    }
  }

  /** The newest progress if it is time to send one; forgets it. */
  @Nullable
  Progress takeNews(Duration atMostEvery) {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      if (news == null || (newsSentNanos != 0 && now - newsSentNanos < atMostEvery.toNanos())) {
        return null;
      }
      Progress taken = news;
      news = null;
      newsSentNanos = now;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** It could not be sent after all: it is news again unless there is newer. */
  void notSent(Progress progress) {
    lock.lock();
    try {
      if (news == null) {
        news = progress;
      }
      newsSentNanos = 0;
    } finally {
      lock.unlock();
    }
  }

  boolean isStartRecorded() {
    lock.lock();
    try {
      return startRecorded;
    } finally {
      lock.unlock();
    }
  }

  void startIsRecorded() {
    lock.lock();
    try {
      startRecorded = true;
    } finally {
      lock.unlock();
    }
  }
}
