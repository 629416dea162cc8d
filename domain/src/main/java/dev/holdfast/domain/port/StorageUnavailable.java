package dev.holdfast.domain.port;

/** The storage did not answer, or not surely: the outcome is unknown, so a retry must be safe. */
public final class StorageUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With what the storage or its driver said. */
  public StorageUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
