package dev.holdfast.domain.run;

import dev.holdfast.domain.run.Note.Kind;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Place.Ready;
import dev.holdfast.domain.run.Place.Scheduled;
import dev.holdfast.domain.task.IllegalTransition;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every command on a task except the end of a run it holds, which is {@link Settlement}. Pure: the
 * place that was removed and the storage's time go in, a {@link Move} comes out.
 */
public final class Lifecycle {

  private Lifecycle() {}

  /** The marks that a task starts its life, or its next life, with. */
  public static Marks initialMarks(TaskDefinition task) {
    return task.policy().onWorkerLoss() == WorkerLoss.FAIL ? Marks.MARK_START : Marks.NONE;
  }

  /**
   * The place of a new task, with the versions of its first events used.
   *
   * @param open how many of its dependencies are not satisfied yet
   */
  public static Place born(TaskDefinition task, int open, Marks marks) {
    Run run = Run.first(task.id(), 1, initialMarks(task).with(marks));
    Instant dueAt = task.dueAt();
    if (open > 0) {
      return new Place.Blocked(run, open);
    }
    return dueAt == null ? new Ready(run) : new Scheduled(run.at(2), dueAt);
  }

  /** The end of a new task one of whose required dependencies has ended badly already. */
  public static RunEnd stillborn(TaskDefinition task, TaskId upstream) {
    Run run = Run.first(task.id(), 1, Marks.NONE);
    return unclaimed(run, RunEnd.Kind.UPSTREAM_FAILED, task.createdAt(), upstreamFailed(upstream));
  }

  /** A claim takes it. The event {@code assigned} is the claim itself. */
  public static Held claim(Ready ready, Place.Lease lease) {
    return Held.claimed(ready.run().at(lease.version()), lease);
  }

  /** Its last open dependency was satisfied. */
  public static Move unblock(TaskDefinition task, Place.Blocked blocked, Instant now) {
    Run run = blocked.run();
    Instant dueAt = dueLater(task, now);
    if (dueAt == null) {
      return new Move(TaskState.BLOCKED, null, List.of(), new Ready(run));
    }
    int version = run.version() + 1;
    Note note = Note.plain(run.task(), version, Kind.SCHEDULED, now).dueAt(dueAt);
    return new Move(TaskState.BLOCKED, null, List.of(note), new Scheduled(run.at(version), dueAt));
  }

  /** Its due time has come. */
  public static Move promote(Scheduled scheduled) {
    return new Move(TaskState.SCHEDULED, null, List.of(), new Ready(scheduled.run()));
  }

  /** It is woken. */
  public static Move resume(Place.Suspended suspended, Instant now) {
    Run run = suspended.run();
    int version = run.version() + 1;
    Note note = Note.plain(run.task(), version, Kind.RESUMED, now);
    return new Move(TaskState.WAITING, null, List.of(note), new Ready(run.at(version)));
  }

  /** Cancelled at once, whatever its place; a held one loses its lease. */
  public static Move cancel(Place place, String reason, Instant now) {
    return end(place, RunEnd.Kind.CANCELLED, now, TaskError.of(TaskError.CANCELLED, reason));
  }

  /** A required dependency ended badly. */
  public static Move upstreamFailed(Place place, TaskId upstream, Instant now) {
    return end(place, RunEnd.Kind.UPSTREAM_FAILED, now, upstreamFailed(upstream));
  }

  /** It was not done in time. */
  public static Move expire(Place place, Instant now) {
    TaskError error = TaskError.of(TaskError.EXPIRED, "not done before it expired");
    return end(place, RunEnd.Kind.TIMED_OUT, now, error);
  }

  /** Its running handler is asked to stop. Asking again keeps the first reason. */
  public static Move askCancel(Held held, String reason, Instant now) {
    if (held.cancelReason() != null) {
      return new Move(held.state(), null, List.of(), held);
    }
    int version = held.run().version() + 1;
    Note note = Note.ofHeld(held, version, Kind.CANCEL_REQUESTED, now).because(reason);
    return new Move(held.state(), null, List.of(note), held.asked(version, reason));
  }

  /** Its handler began; recorded at most once. */
  public static Move start(TaskDefinition task, Held held, Instant beganAt) {
    if (held.startedAt() != null) {
      return new Move(held.state(), null, List.of(), held);
    }
    int version = held.run().version() + 1;
    Note note = Note.ofHeld(held, version, Kind.STARTED, beganAt);
    var timeout = task.policy().timeout();
    Instant deadline = timeout == null ? null : beganAt.plus(timeout);
    return new Move(held.state(), null, List.of(note), held.started(version, beganAt, deadline));
  }

  /** Its handler reports progress; its start is recorded first. */
  public static Move progress(
      TaskDefinition task, Held held, Progress progress, Instant beganAt, Instant now) {
    Move start = start(task, held, beganAt);
    Held started = (Held) Objects.requireNonNull(start.next());
    int version = started.run().version() + 1;
    List<Note> notes = new ArrayList<>(start.notes());
    notes.add(Note.ofHeld(started, version, Kind.PROGRESSED, now).with(progress));
    return new Move(held.state(), null, notes, started.progressed(version, progress));
  }

  /**
   * An ended task starts anew: attempts count from 1 again, run and version go on. A due time that
   * has not come yet is kept; it is told by the same event, so that a replay needs one version.
   *
   * @param last its terminal end
   * @param open how many of its dependencies are not satisfied
   * @throws IllegalTransition if it completed
   */
  public static Move replay(TaskDefinition task, RunEnd last, int open, Marks marks, Instant now) {
    if (last.state() == TaskState.COMPLETED) {
      throw new IllegalTransition(TaskState.COMPLETED, TaskState.PENDING);
    }
    int version = last.lastVersion() + 1;
    Note note = Note.plain(task.id(), version, Kind.REPLAYED, now);
    RunKey key = new RunKey(task.id(), last.key().number() + 1);
    Run run = new Run(key, 1, version, initialMarks(task).with(marks));
    if (open > 0) {
      return new Move(last.state(), null, List.of(note), new Place.Blocked(run, open));
    }
    Instant dueAt = dueLater(task, now);
    if (dueAt == null) {
      return new Move(last.state(), null, List.of(note), new Ready(run));
    }
    return new Move(last.state(), null, List.of(note.dueAt(dueAt)), new Scheduled(run, dueAt));
  }

  private static @Nullable Instant dueLater(TaskDefinition task, Instant now) {
    Instant dueAt = task.dueAt();
    return dueAt == null || !dueAt.isAfter(now) ? null : dueAt;
  }

  private static TaskError upstreamFailed(TaskId upstream) {
    return TaskError.of(TaskError.UPSTREAM_FAILED, upstream.toString());
  }

  private static Move end(Place place, RunEnd.Kind kind, Instant now, TaskError error) {
    RunEnd end = place instanceof Held held
        ? Settlement.end(held, null, kind, now).terminal(error)
        : unclaimed(place.run(), kind, now, error);
    return new Move(place.state(), end, List.of(), null);
  }

  private static RunEnd unclaimed(
      Run run, RunEnd.Kind kind, Instant now, @Nullable TaskError error) {
    return new RunEnd(
        run.key(),
        kind,
        true,
        run.attempt(),
        run.version() + 1,
        null,
        null,
        now,
        null,
        null,
        error);
  }
}
