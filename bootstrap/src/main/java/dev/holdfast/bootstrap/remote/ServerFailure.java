package dev.holdfast.bootstrap.remote;

/** A server did not do what it was asked to; says why in words for people. */
public final class ServerFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * With the status of its answer.
   *
   * @param status of HTTP; 0 when there was no answer
   */
  public ServerFailure(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The status of HTTP; 0 when there was no answer. */
  public int status() {
    return status;
  }
}
