package dev.holdfast.application.loop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A number that grows when something was committed on this node, and a place to wait for that. Safe
 * for concurrent use.
 */
public final class Activity {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicLong count = new AtomicLong();

  /** The number now. */
  public long count() {
    return count.get();
  }

  /** Something was committed. */
  public void signal() {
    lock.lock();
    try {
      count.incrementAndGet();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the number differs from {@code seen}, or the patience is over.
   *
   * @return whether it differs
   */
  public boolean awaitChange(long seen, Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (count.get() == seen && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return count.get() != seen;
    } finally {
      lock.unlock();
    }
  }
}
