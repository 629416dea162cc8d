package dev.holdfast.application.task;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Handles the dependants that an ending transaction had to leave for later, a stretch a tick. */
public final class WorkOffDeferred implements Loop {

  private static final Duration IDLE = Duration.ofSeconds(1);

  private final Storage storage;
  private final Consumer<Ledger.Effects> committed;
  private volatile Runnable waker = () -> {};

  /** Works on a storage; {@code committed} is told what each transaction did. */
  public WorkOffDeferred(Storage storage, Consumer<Ledger.Effects> committed) {
    this.storage = storage;
    this.committed = committed;
  }

  @Override
  public String name() {
    return "dependants";
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
  }

  /** Something was deferred. */
  public void wake() {
    waker.run();
  }

  @Override
  public Duration tick() {
    return workOffOne() ? Duration.ZERO : IDLE;
  }

  /** Works off whatever there is now. */
  void workOff() {
    boolean isMore = true;
    while (isMore) {
      isMore = workOffOne();
    }
  }

  private boolean workOffOne() {
    Done done = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      List<Deferred> deferred = tx.dependencies().takeDeferred(1);
      deferred.forEach(one -> workOff(ledger, one));
      return new Done(!deferred.isEmpty(), ledger.effects());
    });
    committed.accept(done.effects);
    return done.didSome;
  }

  /** An upstream that lives again cancels nobody; the end it had still met its optional edges. */
  private static void workOff(Ledger ledger, Deferred one) {
    List<TaskId> upstream = List.of(one.upstream());
    ledger.tx().facts().lock(upstream, false);
    boolean lives = !ledger.tx().places().mark(upstream, Marks.NONE).isEmpty();
    RunEnd end = ledger.tx().facts().lastEnds(upstream).get(one.upstream());
    if (end != null) {
      new Dependants(ledger).workOff(one, end.state(), lives);
    }
  }

  private record Done(boolean didSome, Ledger.Effects effects) {}
}
