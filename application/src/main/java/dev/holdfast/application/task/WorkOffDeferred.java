package dev.holdfast.application.task;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.run.RunEnd;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Handles the dependants that an ending transaction had to leave for later, a stretch a tick. */
public final class WorkOffDeferred implements Loop {

  private static final Duration IDLE = Duration.ofSeconds(1);

  private final Storage storage;
  private final Consumer<Ledger.Effects> committed;

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
  public Duration tick() {
    Done done = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      List<Deferred> deferred = tx.dependencies().takeDeferred(1);
      for (Deferred one : deferred) {
        RunEnd end = tx.facts().lastEnds(List.of(one.upstream())).get(one.upstream());
        if (end != null) {
          new Dependants(ledger).workOff(one, end.state());
        }
      }
      return new Done(deferred.isEmpty(), ledger.effects());
    });
    committed.accept(done.effects);
    return done.isIdle ? IDLE : Duration.ZERO;
  }

  private record Done(boolean isIdle, Ledger.Effects effects) {}
}
