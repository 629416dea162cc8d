package dev.holdfast.domain.run;

import dev.holdfast.domain.run.Place.Lease;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A fact: one run of a task ended. Appended once per run, never changed.
 *
 * @param terminal whether the task ended with it
 * @param attempt the attempt that the run made, or would have made
 * @param version the number of its first event after {@code started}
 * @param lease of the run; null when it was never claimed
 * @param start null when the handler is not known to have begun
 * @param nextAt when the next attempt is due
 */
public record RunEnd(
    RunKey key,
    Kind kind,
    boolean terminal,
    int attempt,
    int version,
    @Nullable Lease lease,
    @Nullable Start start,
    Instant endedAt,
    @Nullable Instant nextAt,
    @Nullable Json result,
    @Nullable TaskError error) {

  /** How a run ended. The code is what storages keep. */
  public enum Kind {
    /** The handler returned. */
    COMPLETED(1),
    /** The handler threw or ran out of time. */
    FAILED(2),
    /** Given back unharmed, by a stopping node or one with too much work. */
    RELEASED(3),
    /** Its session ended. */
    LOST(4),
    /** Cancelled on request. */
    CANCELLED(5),
    /** The task expired. */
    TIMED_OUT(6),
    /** A required dependency ended badly. */
    UPSTREAM_FAILED(7),
    /** The handler suspended the task. */
    SUSPENDED(8);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** What storages keep. */
    public int code() {
      return code;
    }

    /** Reads {@link #code()}. */
    public static Kind of(int code) {
      return values()[code - 1];
    }
  }

  /**
   * The handler's begin.
   *
   * @param version the number of the event {@code started} when this end carries it; null when a
   *     note was written for it before
   */
  public record Start(Instant at, @Nullable Integer version) {

    public Start {
      Objects.requireNonNull(at, "at");
    }
  }

  public RunEnd {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(endedAt, "endedAt");
  }

  /** The task. */
  public TaskId task() {
    return key.task();
  }

  /** The number of its last event: some ends stand for two. */
  public int lastVersion() {
    return switch (kind) {
      case FAILED -> version + 1;
      case LOST -> terminal ? version + 1 : version;
      case COMPLETED, RELEASED, CANCELLED, TIMED_OUT, UPSTREAM_FAILED, SUSPENDED -> version;
    };
  }

  /**
   * The state of a task that ended with this.
   *
   * @throws IllegalStateException unless {@link #terminal()}
   */
  public TaskState state() {
    if (!terminal) {
      throw new IllegalStateException("run " + key + " ended as " + kind + ", its task did not");
    }
    return switch (kind) {
      case COMPLETED -> TaskState.COMPLETED;
      case FAILED, LOST -> TaskState.FAILED;
      case CANCELLED, UPSTREAM_FAILED -> TaskState.CANCELLED;
      case TIMED_OUT -> TaskState.TIMED_OUT;
      case RELEASED, SUSPENDED -> throw new IllegalStateException(kind + " ends no task");
    };
  }
}
