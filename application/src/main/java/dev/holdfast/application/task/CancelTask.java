package dev.holdfast.application.task;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Cancels a task, wherever it is. Safe for concurrent use. */
public final class CancelTask {

  private static final int MAX_LOOKS = 50;

  private final Storage storage;
  private final Consumer<Ledger.Effects> committed;

  /** Cancels on a storage; {@code committed} is told what each transaction did. */
  public CancelTask(Storage storage, Consumer<Ledger.Effects> committed) {
    this.storage = storage;
    this.committed = committed;
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
      return new Look(attempt(ledger, task, reason, force), ledger.effects());
    });
    committed.accept(look.effects);
    return look.answer;
  }

  private record Look(Optional<CancelAnswer> answer, Ledger.Effects effects) {}

  private static Optional<CancelAnswer> attempt(
      Ledger ledger, TaskId task, String reason, boolean force) {
    StorageTx tx = ledger.tx();
    TaskDefinition definition = tx.facts().definitions(List.of(task)).get(task);
    if (definition == null) {
      return Optional.of(new CancelAnswer.Unknown());
    }
    List<Place> waiting = tx.places().takeWaiting(List.of(task));
    if (!waiting.isEmpty()) {
      end(ledger, definition, waiting.get(0), reason);
      return Optional.of(new CancelAnswer.Cancelled());
    }
    List<Held> held = tx.runs().lock(List.of(task));
    if (!held.isEmpty()) {
      return Optional.of(stop(ledger, definition, held.get(0), reason, force));
    }
    RunEnd last = tx.facts().lastEnds(List.of(task)).get(task);
    return Optional.ofNullable(last).map(CancelTask::ended);
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
