package dev.holdfast.simulator.time;

/** Unwinds the code of a process that has died: whatever it would have done next, it does not. */
public final class Gone extends Error {

  private static final long serialVersionUID = 1L;

  /** One without a stack trace: it is thrown often and says nothing. */
  public Gone() {
    super("the process is gone", null, false, false);
  }
}
