package dev.holdfast.domain.port;

/** The storage refused the data: nothing was changed, and the same data would be refused again. */
public final class StorageRejected extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With what the storage or its driver said. */
  public StorageRejected(String message, Throwable cause) {
    super(message, cause);
  }
}
