package dev.holdfast.http.web;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The waits under way. When the server stops it interrupts them, and nothing but them: an interrupt
 * anywhere else would cut a connection in the middle of an answer. Safe for concurrent use.
 */
public final class Waits {

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Thread> waiting = new HashSet<>();
  private boolean stopped;

  /** Waits for something. */
  @FunctionalInterface
  public interface Wait<T> {

    /** Waits. */
    T await() throws InterruptedException;
  }

  /** Whether the server stops. */
  public boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits on the calling thread.
   *
   * @throws InterruptedException if the server stops; the thread's interrupt status is clear then
   */
  public <T> T run(Wait<T> wait) throws InterruptedException {
    enter();
    try {
      return wait.await();
    } finally {
      leave();
    }
  }

  /** Interrupts every wait, now and from now on. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      waiting.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }

  private void enter() throws InterruptedException {
    lock.lock();
    try {
      if (stopped) {
        throw new InterruptedException("the server stops");
      }
      waiting.add(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      waiting.remove(Thread.currentThread());
      // The wait may have ended by itself just before it was interrupted.
      Thread.interrupted();
    } finally {
      lock.unlock();
    }
  }
}
