package dev.holdfast.domain.run;

import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Place.Ready;
import dev.holdfast.domain.run.Place.Scheduled;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskError;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides what follows when a run that a session holds comes to its end. Pure. */
public final class Settlement {

  private Settlement() {}

  /**
   * What the worker's word leads to. A cancel that was asked turns everything but a normal return
   * into the cancellation.
   *
   * @param held the removed place, in its newest version
   * @param now the storage's time after the removal
   */
  public static Move settle(
      TaskDefinition task, Held held, Outcome outcome, Instant now, RandomGenerator random) {
    if (outcome instanceof Outcome.Completed completed) {
      return complete(held, completed);
    }
    if (held.cancelReason() != null) {
      return cancelled(held, held.cancelReason(), outcome.beganAt(), now);
    }
    return switch (outcome) {
      case Outcome.Completed completed -> complete(held, completed);
      case Outcome.Failed failed -> fail(task, held, failed, now, random);
      case Outcome.Released released -> release(held, released, now);
      case Outcome.Suspended suspended -> suspend(held, suspended, now);
    };
  }

  /**
   * Its session ended. A loss after a recorded start counts as an attempt; before it, the attempt
   * stays as it was.
   */
  public static Move lose(TaskDefinition task, Held held, String reason, Instant now) {
    if (held.cancelReason() != null) {
      return cancelled(held, held.cancelReason(), null, now);
    }
    boolean started = held.startedAt() != null;
    TaskError error = TaskError.of(TaskError.WORKER_LOST, reason);
    Draft end = end(held, null, RunEnd.Kind.LOST, now);
    boolean spent = held.run().attempt() >= task.policy().maxAttempts()
        || task.policy().onWorkerLoss() == WorkerLoss.FAIL;
    if (started && spent) {
      return new Move(held.state(), end.terminal(error), List.of(), null);
    }
    RunEnd fact = end.passing(null, error);
    int attempt = held.run().attempt() + (started ? 1 : 0);
    Run next = held.run().next(attempt, fact.lastVersion()).marked(Marks.MARK_START);
    return new Move(held.state(), fact, List.of(), new Ready(next));
  }

  /** Its handler returned: the one word of a worker that needs no look at the definition. */
  public static Move complete(Held held, Outcome.Completed completed) {
    RunEnd end = end(held, completed.beganAt(), RunEnd.Kind.COMPLETED, completed.endedAt())
        .terminal(completed.result());
    return new Move(held.state(), end, List.of(), null);
  }

  private static Move cancelled(Held held, String reason, @Nullable Instant beganAt, Instant now) {
    TaskError error = TaskError.of(TaskError.CANCELLED, reason);
    RunEnd end = end(held, beganAt, RunEnd.Kind.CANCELLED, now).terminal(error);
    return new Move(held.state(), end, List.of(), null);
  }

  private static Move fail(
      TaskDefinition task, Held held, Outcome.Failed failed, Instant now, RandomGenerator random) {
    int attempt = held.run().attempt();
    boolean again = failed.mayRetry()
        && attempt < task.policy().maxAttempts()
        && task.policy().retry().retries(failed.error().type());
    Draft end = end(held, failed.beganAt(), RunEnd.Kind.FAILED, now);
    if (!again) {
      return new Move(held.state(), end.terminal(failed.error()), List.of(), null);
    }
    Instant nextAt = now.plus(task.policy().retry().delayAfter(attempt, random));
    RunEnd fact = end.passing(nextAt, failed.error());
    Run next = held.run().next(attempt + 1, fact.lastVersion());
    return new Move(held.state(), fact, List.of(), new Scheduled(next, nextAt));
  }

  private static Move release(Held held, Outcome.Released released, Instant now) {
    RunEnd fact = end(held, released.beganAt(), RunEnd.Kind.RELEASED, now).passing(null, null);
    Run next = held.run().next(held.run().attempt(), fact.lastVersion());
    return new Move(held.state(), fact, List.of(), new Ready(next));
  }

  private static Move suspend(Held held, Outcome.Suspended suspended, Instant now) {
    Instant wakeAt = suspended.wakeAt();
    RunEnd fact = end(held, suspended.beganAt(), RunEnd.Kind.SUSPENDED, now).passing(wakeAt, null);
    Run next = held.run().next(held.run().attempt(), fact.lastVersion());
    if (next.marks().has(Marks.WAKE)) {
      Run woken =
          new Run(next.key(), next.attempt(), next.version(), next.marks().without(Marks.WAKE));
      Move resumed = Lifecycle.resume(new Place.Suspended(woken, null), now);
      return new Move(held.state(), fact, resumed.notes(), resumed.next());
    }
    return new Move(held.state(), fact, List.of(), new Place.Suspended(next, wakeAt));
  }

  /** The common part of every end of a held run: who, when, and the versions used so far. */
  static Draft end(Held held, @Nullable Instant beganAt, RunEnd.Kind kind, Instant endedAt) {
    int version = held.run().version() + 1;
    if (held.startedAt() != null) {
      return new Draft(held, kind, version, new RunEnd.Start(held.startedAt(), null), endedAt);
    }
    if (beganAt != null) {
      return new Draft(held, kind, version + 1, new RunEnd.Start(beganAt, version), endedAt);
    }
    return new Draft(held, kind, version, null, endedAt);
  }

  /** An end without its consequence. */
  record Draft(
      Held held, RunEnd.Kind kind, int version, RunEnd.@Nullable Start start, Instant endedAt) {

    RunEnd terminal(TaskError error) {
      return fact(true, null, null, error);
    }

    RunEnd terminal(Json result) {
      return fact(true, null, result, null);
    }

    RunEnd passing(@Nullable Instant nextAt, @Nullable TaskError error) {
      return fact(false, nextAt, null, error);
    }

    private RunEnd fact(
        boolean terminal,
        @Nullable Instant nextAt,
        @Nullable Json result,
        @Nullable TaskError error) {
      return new RunEnd(
          held.run().key(),
          kind,
          terminal,
          held.run().attempt(),
          version,
          held.lease(),
          start,
          endedAt,
          nextAt,
          result,
          error);
    }
  }
}
