package dev.holdfast.application.worker;

import dev.holdfast.domain.run.RunKey;

/**
 * The attempt is no longer the task's: it timed out, was cancelled by force, or was given away.
 * Thrown into a handler that wants to record something; the handler should pass it on. Whatever it
 * returns or throws does not count any more, and nothing was recorded.
 */
public final class StaleLease extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the run that is over. */
  StaleLease(RunKey run) {
    super("run " + run.number() + " of task " + run.task() + " is no longer this node's");
  }
}
