package dev.holdfast.application.worker;

import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place.Lease;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run on this node, from the claim to its settlement. Safe for concurrent use.
 *
 * <p>An interrupt reaches the handler's thread only between {@link #begin} and {@link #finish}, so
 * that it can never hit the next task of the same slot.
 *
 * <p>A node may hold a hundred thousand: every field is paid for that often. Its monitor is its
 * lock, and is never held while something is waited for.
 */
final class Execution {

  private final TaskDefinition definition;
  private final Json payload;
  private final int number;
  private final int attempt;
  private final boolean mustRecordStart;
  private final Lease lease;
  private final ClaimClock clock;
  private volatile @Nullable Thread thread;
  private int told;
  private @Nullable StopCause stop;
  private boolean settled;
  private volatile boolean startRecorded;
  private volatile long beganNanos;
  private volatile boolean over;
  private @Nullable Reports reports;

  /** A run that was claimed when the clock began. */
  Execution(TaskDefinition definition, Json payload, Run run, Lease lease, ClaimClock clock) {
    this.definition = definition;
    this.payload = payload;
    this.number = run.key().number();
    this.attempt = run.attempt();
    this.mustRecordStart = run.marks().has(Marks.MARK_START);
    this.lease = lease;
    this.clock = clock;
  }

  TaskDefinition definition() {
    return definition;
  }

  TaskId task() {
    return definition.id();
  }

  Json payload() {
    return payload;
  }

  RunKey key() {
    return new RunKey(task(), number);
  }

  int attempt() {
    return attempt;
  }

  Lease lease() {
    return lease;
  }

  boolean mustRecordStart() {
    return mustRecordStart;
  }

  /** The storage's time now. */
  Instant now() {
    return clock.at(clock.nanos());
  }

  Instant beganAt() {
    return clock.at(beganNanos);
  }

  @Nullable
  Instant deadline() {
    Duration timeout = definition.policy().timeout();
    return timeout == null ? null : beganAt().plus(timeout);
  }

  boolean hasTimeout() {
    return definition.policy().timeout() != null;
  }

  /** When its timeout ends, by the monotonic clock. */
  long endNanos() {
    return beganNanos + Objects.requireNonNull(definition.policy().timeout()).toNanos();
  }

  long nanosToTimeout() {
    return endNanos() - clock.nanos();
  }

  /** The handler is about to run on this thread; false when it was stopped before. */
  boolean begin() {
    // What the slot's last task left behind is none of this one's business.
    boolean ignored = Thread.interrupted();
    synchronized (this) {
      if (stop != null) {
        return false;
      }
      beganNanos = clock.nanos();
      thread = Thread.currentThread();
      return true;
    }
  }

  /** The handler has ended; no interrupt reaches its thread after this. */
  void finish() {
    synchronized (this) {
      thread = null;
      over = true;
    }
    // Clears what arrived between the handler's end and here: the slot's next task is innocent.
    boolean ignored = Thread.interrupted();
  }

  /** Nothing more will come of it. */
  void forgotten() {
    over = true;
  }

  /** Whether there is nothing more to watch: its handler has ended, or does not count any more. */
  boolean isOver() {
    return over;
  }

  /** Asks the handler to stop, once for each cause; the first cause but a revocation stays. */
  synchronized void stop(StopCause cause) {
    if (stop == null || cause == StopCause.REVOKED) {
      stop = cause;
    }
    over |= cause == StopCause.REVOKED;
    Thread running = thread;
    if ((told & cause.bit()) == 0 && running != null) {
      running.interrupt();
    }
    told |= cause.bit();
  }

  synchronized @Nullable StopCause stopCause() {
    return stop;
  }

  boolean isRunning() {
    return thread != null;
  }

  /** Whether the caller is the one that may settle it: true once. */
  synchronized boolean takeSettlement() {
    boolean mine = !settled;
    settled = true;
    return mine;
  }

  Duration runningFor() {
    return Duration.ofNanos(clock.nanos() - beganNanos);
  }

  boolean isStartRecorded() {
    return startRecorded;
  }

  void startIsRecorded() {
    startRecorded = true;
  }

  /** The newest progress if it is time to send one; forgets it. */
  Optional<Progress> takeNews(Duration atMostEvery) {
    return Optional.ofNullable(reports().take(clock.nanos(), atMostEvery));
  }

  /** What its handler says of its progress; few handlers do. */
  synchronized Reports reports() {
    if (reports == null) {
      reports = new Reports();
    }
    return reports;
  }
}
