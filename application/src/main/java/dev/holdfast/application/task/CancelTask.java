package dev.holdfast.application.task;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cancels a task, wherever it is. Safe for concurrent use. */
public final class CancelTask {

  private static final int MAX_LOOKS = 50;

  private final Storage storage;
  private final Consumer<Ledger.Effects> committed;
  private final Consumer<RunKey> asked;
  private final Consumer<RunKey> revoked;

  /**
   * Cancels on a storage.
   *
   * @param committed is told what each transaction did
   * @param asked is told, after the commit, which run's handler should stop
   * @param revoked is told, after the commit, which run was ended without its handler
   */
  public CancelTask(
      Storage storage,
      Consumer<Ledger.Effects> committed,
      Consumer<RunKey> asked,
      Consumer<RunKey> revoked) {
    this.storage = storage;
    this.committed = committed;
    this.asked = asked;
    this.revoked = revoked;
  }

  /** Cancels; see {@link dev.holdfast.application.engine.Tasks#cancel}. */
  public CancelAnswer cancel(TaskId task, String reason, boolean force) {
    for (int look = 0; look < MAX_LOOKS; look++) {
      Optional<CancelAnswer> answer = look(task, reason, force);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    throw new StorageUnavailable(
        "task " + task + " kept moving", new IllegalStateException("no stable state"));
  }

  private Optional<CancelAnswer> look(TaskId task, String reason, boolean force) {
    Look look = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      Attempt attempt = attempt(ledger, task, reason, force);
      return new Look(attempt, ledger.effects());
    });
    committed.accept(look.effects);
    RunKey held = look.attempt.held;
    if (held != null) {
      (force ? revoked : asked).accept(held);
    }
    return Optional.ofNullable(look.attempt.answer);
  }

  private record Look(Attempt attempt, Ledger.Effects effects) {}

  /** One attempt: no answer when the task moved meanwhile; the run that was held, if it was. */
  private record Attempt(
      @Nullable CancelAnswer answer, @Nullable RunKey held) {}

  private static Attempt attempt(Ledger ledger, TaskId task, String reason, boolean force) {
    StorageTx tx = ledger.tx();
    TaskDefinition definition = tx.facts().definitions(List.of(task)).get(task);
    if (definition == null) {
      return new Attempt(new CancelAnswer.Unknown(), null);
    }
    List<Place> waiting = tx.places().takeWaiting(List.of(task));
    if (!waiting.isEmpty()) {
      end(ledger, definition, waiting.get(0), reason);
      return new Attempt(new CancelAnswer.Cancelled(), null);
    }
    List<Held> held = tx.runs().lock(List.of(task));
    if (!held.isEmpty()) {
      Held one = held.get(0);
      CancelAnswer answer = stop(ledger, definition, one, reason, force);
      return new Attempt(answer, one.run().key());
    }
    RunEnd last = tx.facts().lastEnds(List.of(task)).get(task);
    return new Attempt(last == null ? null : ended(last), null);
  }

  private static CancelAnswer stop(
      Ledger ledger, TaskDefinition task, Held held, String reason, boolean force) {
    if (force) {
      ledger.tx().runs().take(List.of(held.run().key()));
      end(ledger, task, held, reason);
      return new CancelAnswer.Cancelled();
    }
    Move move = Lifecycle.askCancel(held, reason, ledger.tx().now());
    if (!move.notes().isEmpty()) {
      ledger.carryOut(List.of(new Ledger.Entry(task, held.run().marks(), move)));
    }
    return new CancelAnswer.Asked();
  }

  private static void end(Ledger ledger, TaskDefinition task, Place place, String reason) {
    Move move = Lifecycle.cancel(place, reason, ledger.tx().now());
    ledger.carryOut(List.of(new Ledger.Entry(task, place.run().marks(), move)));
  }

  /** It has no place, so it has ended; or it moves right now and its newest end is an old one. */
  private static CancelAnswer ended(RunEnd last) {
    return last.state() == TaskState.CANCELLED
        ? new CancelAnswer.Cancelled()
        : new CancelAnswer.Ended(last.state());
  }
}
