package dev.holdfast.simulator.time;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread of which at any instant only one runs: the others wait for their turn. */
final class Fiber {

  private volatile @Nullable Thread thread;
  private volatile boolean isTurn;

  /** Begins with the turn. */
  void start(Runnable work) {
    Thread fresh = Thread.ofVirtual().name("simulated").unstarted(work);
    // Known before it runs: it may be resumed before its start returns.
    thread = fresh;
    fresh.start();
  }

  /** Hands the turn to this fiber; the caller has it no more. */
  void resume() {
    isTurn = true;
    LockSupport.unpark(thread);
  }

  /** Waits for the turn. An interrupt that arrives meanwhile is kept until then. */
  void await() {
    boolean isInterrupted = Thread.interrupted();
    while (!isTurn) {
      LockSupport.park(this);
      isInterrupted |= Thread.interrupted();
    }
    isTurn = false;
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
