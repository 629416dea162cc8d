package dev.holdfast.simulator.check;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.StorageTx;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The storage as one life of a node sees it; everything that it does is checked. */
final class Watched implements Storage {

  private final Storage real;
  private final Witness witness;
  private final Subject by;
  private final Sessions sessions;
  private final Coordination coordination;

  Watched(Storage real, Witness witness, Subject by) {
    this.real = real;
    this.witness = witness;
    this.by = by;
    this.sessions = new WatchedSessions(real.sessions(), witness, by);
    this.coordination = new WatchedCoordination(real.coordination(), witness, by);
  }

  /** Checked right behind the commit: transactions run one after another, nobody is between. */
  @Override
  public <T> T transact(Function<StorageTx, T> work) {
    AtomicReference<WatchedTx> last = new AtomicReference<>();
    T answer = real.transact(tx -> {
      WatchedTx watched = new WatchedTx(tx);
      last.set(watched);
      return work.apply(watched);
    });
    Objects.requireNonNull(last.get(), "no transaction").committed(witness, by);
    return answer;
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Coordination coordination() {
    return coordination;
  }

  @Override
  public TaskQueries tasks() {
    return real.tasks();
  }

  @Override
  public EventLog events() {
    return real.events();
  }

  @Override
  public Upkeep upkeep() {
    return real.upkeep();
  }

  @Override
  public void close() {}
}
