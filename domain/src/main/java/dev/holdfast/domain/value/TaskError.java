package dev.holdfast.domain.value;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt or a task ended badly. What no storage can keep (U+0000, lone surrogates) is
 * replaced and not refused: a handler's failure must always be recordable.
 *
 * @param type a stable name that retry rules match, for example a class name or {@code timeout}
 * @param message for people; may be empty
 * @param stackTrace the handler's stack trace, bounded, when there is one
 * @param cause the error beneath, at most {@value #MAX_DEPTH} deep
 */
public record TaskError(
    String type,
    String message,
    @Nullable String stackTrace,
    @Nullable TaskError cause) {

  /** How many causes are kept below each other. */
  public static final int MAX_DEPTH = 8;

  /** The attempt exceeded its own timeout. */
  public static final String TIMEOUT = "timeout";

  /** The task was cancelled. */
  public static final String CANCELLED = "cancelled";

  /** A required dependency did not complete. */
  public static final String UPSTREAM_FAILED = "upstream_failed";

  /** The task was not done before its {@code expiresAt}. */
  public static final String EXPIRED = "expired";

  /** The node that ran the attempt was lost. */
  public static final String WORKER_LOST = "worker_lost";

  public TaskError {
    type = Names.madeStorable(type);
    message = Names.madeStorable(message);
    stackTrace = stackTrace == null ? null : Names.madeStorable(stackTrace);
  }

  /** An error that has neither stack trace nor cause. */
  public static TaskError of(String type, String message) {
    return new TaskError(type, message, null, null);
  }
}
