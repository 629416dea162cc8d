package dev.holdfast.application.loop;

import java.time.Duration;

/**
 * A piece of background work that has no thread of its own: whoever drives it calls {@link #tick}
 * again after the pause that the last call asked for, or earlier when it is woken. The engine
 * drives it with {@link LoopThreads}, a simulator with a virtual clock.
 */
public interface Loop {

  /** Names it in logs, metrics and thread names; lower case with dashes. */
  String name();

  /**
   * Does one bounded piece of work. An exception is logged and followed by a growing pause; the
   * loop goes on.
   *
   * @return the longest pause before the next call; zero when there is more to do at once
   */
  Duration tick();

  /**
   * Hands over what to call when there is something to do before the pause is over. The waker is
   * cheap and safe for concurrent use; calls that come during a tick are not lost.
   */
  default void wakeBy(Runnable waker) {}
}
