package dev.holdfast.domain.run;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a live task waits. It has exactly one, and that row is its only lock. */
public sealed interface Place {

  /** The run it stands in. */
  Run run();

  /** The same place with another run record, for a mark or a version. */
  Place with(Run run);

  /** The state that this place is. */
  TaskState state();

  /** Due, in the order of its lane. */
  record Ready(Run run) implements Place {

    @Override
    public Ready with(Run other) {
      return new Ready(other);
    }

    @Override
    public TaskState state() {
      return TaskState.PENDING;
    }
  }

  /** Due later. */
  record Scheduled(Run run, Instant dueAt) implements Place {

    public Scheduled {
      Objects.requireNonNull(dueAt, "dueAt");
    }

    @Override
    public Scheduled with(Run other) {
      return new Scheduled(other, dueAt);
    }

    @Override
    public TaskState state() {
      return TaskState.SCHEDULED;
    }
  }

  /**
   * Waits for other tasks.
   *
   * @param open how many of its dependencies are not satisfied yet
   */
  record Blocked(Run run, int open) implements Place {

    @Override
    public Blocked with(Run other) {
      return new Blocked(other, open);
    }

    @Override
    public TaskState state() {
      return TaskState.BLOCKED;
    }
  }

  /**
   * Suspended by its handler.
   *
   * @param wakeAt when it wakes by itself; null when only a wake-up ends it
   */
  record Suspended(Run run, @Nullable Instant wakeAt) implements Place {

    @Override
    public Suspended with(Run other) {
      return new Suspended(other, wakeAt);
    }

    @Override
    public TaskState state() {
      return TaskState.WAITING;
    }
  }

  /**
   * Claimed by a session.
   *
   * @param startedAt when its handler began, once that is recorded
   * @param deadline when its attempt's timeout ends, once its start is recorded
   * @param cancelReason set once a cancel was asked
   */
  record Held(
      Run run,
      Lease lease,
      @Nullable Instant startedAt,
      @Nullable Instant deadline,
      @Nullable String cancelReason,
      @Nullable Progress progress)
      implements Place {

    public Held {
      Objects.requireNonNull(lease, "lease");
    }

    /** Just claimed. */
    public static Held claimed(Run run, Lease lease) {
      return new Held(run, lease, null, null, null, null);
    }

    @Override
    public Held with(Run other) {
      return new Held(other, lease, startedAt, deadline, cancelReason, progress);
    }

    /** Its start recorded. */
    public Held started(int version, Instant at, @Nullable Instant newDeadline) {
      return new Held(run.at(version), lease, at, newDeadline, cancelReason, progress);
    }

    /** A cancel asked. */
    public Held asked(int version, String reason) {
      return new Held(run.at(version), lease, startedAt, deadline, reason, progress);
    }

    /** With newer progress. */
    public Held progressed(int version, Progress newer) {
      return new Held(run.at(version), lease, startedAt, deadline, cancelReason, newer);
    }

    @Override
    public TaskState state() {
      return startedAt == null ? TaskState.CLAIMED : TaskState.RUNNING;
    }
  }

  /**
   * Ties a claimed task to a session.
   *
   * @param version the number of the event {@code assigned}
   */
  record Lease(ClaimId claim, SessionId session, int version) {

    public Lease {
      Objects.requireNonNull(claim, "claim");
      Objects.requireNonNull(session, "session");
    }
  }
}
