package dev.holdfast.application.engine;

import dev.holdfast.application.task.SubmitAnswer;

/** A single submission was not accepted; {@link #answer()} says why. */
public final class SubmitRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient SubmitAnswer answer;

  SubmitRefused(SubmitAnswer answer) {
    super("the task was not accepted: " + answer);
    this.answer = answer;
  }

  /** Anything but an acceptance. */
  public SubmitAnswer answer() {
    return answer;
  }
}
