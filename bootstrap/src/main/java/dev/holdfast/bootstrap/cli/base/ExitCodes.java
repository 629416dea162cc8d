package dev.holdfast.bootstrap.cli.base;

/** What the exit codes of the commands mean; {@code docs/cli.md} has the same table. */
public final class ExitCodes {

  /** All went well. */
  public static final int OK = 0;

  /** A task ended badly. */
  public static final int TASK_FAILED = 1;

  /** The command line, the configuration or a document is faulty. */
  public static final int USAGE = 2;

  /** There is no such task. */
  public static final int NOT_FOUND = 3;

  /** It is in a state that does not allow it, or an idempotency key is taken. */
  public static final int CONFLICT = 4;

  /** The server, or the storage, cannot be reached or belongs to somebody else. */
  public static final int UNAVAILABLE = 5;

  /** A bug of Holdfast. */
  public static final int INTERNAL = 70;

  /** Added to the number of the signal that ended the command. */
  public static final int SIGNAL = 128;

  private ExitCodes() {}
}
