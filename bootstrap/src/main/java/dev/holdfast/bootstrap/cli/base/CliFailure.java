package dev.holdfast.bootstrap.cli.base;

/** Ends a command with a message and an exit code. */
public final class CliFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** With one of {@link ExitCodes}. */
  public CliFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /**
   * Checks the number of an option.
   *
   * @throws CliFailure if it is not {@code least} to {@code most}
   */
  public static void requireRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new CliFailure(
          ExitCodes.USAGE, option + " must be " + least + " to " + most + ", got " + value);
    }
  }

  /** What the process ends with. */
  public int exitCode() {
    return exitCode;
  }
}
