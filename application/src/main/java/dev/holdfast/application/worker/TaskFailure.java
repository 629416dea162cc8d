package dev.holdfast.application.worker;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Fails an attempt under an error type of the handler's choice. */
public final class TaskFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String type;
  private final boolean mayRetry;

  private TaskFailure(String type, String message, boolean mayRetry, @Nullable Throwable cause) {
    super(message, cause);
    this.type = Objects.requireNonNull(type, "type");
    this.mayRetry = mayRetry;
  }

  /** A failure that the task's retry policy decides on. */
  public static TaskFailure of(String type, String message) {
    return new TaskFailure(type, message, true, null);
  }

  /** A failure that is never retried, whatever the policy. */
  public static TaskFailure fatal(String type, String message) {
    return new TaskFailure(type, message, false, null);
  }

  /** The error type that retry policies match. */
  public String type() {
    return type;
  }

  /** Whether trying again may help. */
  public boolean mayRetry() {
    return mayRetry;
  }
}
