package dev.holdfast.domain.run;

import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A fact that is no end: it stands for exactly one event.
 *
 * @param version the number of the event
 * @param attempt the attempt it belongs to; 0 outside of one
 * @param progress of {@link Kind#PROGRESSED}
 * @param dueAt of {@link Kind#SCHEDULED}, and of {@link Kind#REPLAYED} when it is due later
 * @param reason of {@link Kind#CANCEL_REQUESTED}
 */
public record Note(
    TaskId task,
    int version,
    Kind kind,
    Instant at,
    int attempt,
    @Nullable SessionId session,
    @Nullable Progress progress,
    @Nullable Instant dueAt,
    @Nullable String reason) {

  /** What happened. The code is what storages keep. */
  public enum Kind {
    /** A task that was blocked now waits for its due time. */
    SCHEDULED(1),
    /** The handler began, some time ago. */
    STARTED(2),
    /** The handler reported progress. */
    PROGRESSED(3),
    /** Somebody asked the running handler to stop. */
    CANCEL_REQUESTED(4),
    /** A suspended task was woken. */
    RESUMED(5),
    /** An ended task was started anew. */
    REPLAYED(6);

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

  public Note {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(at, "at");
  }

  /** A note outside of an attempt. */
  static Note plain(TaskId task, int version, Kind kind, Instant at) {
    return new Note(task, version, kind, at, 0, null, null, null, null);
  }

  /** A note of a running attempt. */
  static Note ofHeld(Place.Held held, int version, Kind kind, Instant at) {
    return new Note(
        held.run().task(),
        version,
        kind,
        at,
        held.run().attempt(),
        held.lease().session(),
        null,
        null,
        null);
  }

  Note with(Progress other) {
    return new Note(task, version, kind, at, attempt, session, other, dueAt, reason);
  }

  Note dueAt(Instant other) {
    return new Note(task, version, kind, at, attempt, session, progress, other, reason);
  }

  Note because(String other) {
    return new Note(task, version, kind, at, attempt, session, progress, dueAt, other);
  }
}
