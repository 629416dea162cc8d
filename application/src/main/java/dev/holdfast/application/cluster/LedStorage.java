package dev.holdfast.application.cluster;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.StorageTx;
import java.util.function.Function;

/**
 * A storage for the duties of one term: each of its transactions first locks the term, and changes
 * nothing when the term is over. A plain look at the term would be no fence: it could be outrun by
 * a successor between the look and the commit. Safe for concurrent use.
 */
final class LedStorage implements Storage {

  private final Storage storage;
  private final Term term;

  LedStorage(Storage storage, Term term) {
    this.storage = storage;
    this.term = term;
  }

  @Override
  public <T> T transact(Function<StorageTx, T> work) {
    return storage.transact(tx -> {
      if (!tx.leads(term)) {
        throw new Demoted(term);
      }
      return work.apply(tx);
    });
  }

  @Override
  public Sessions sessions() {
    return storage.sessions();
  }

  @Override
  public Coordination coordination() {
    return storage.coordination();
  }

  @Override
  public TaskQueries tasks() {
    return storage.tasks();
  }

  @Override
  public EventLog events() {
    return storage.events();
  }

  @Override
  public Upkeep upkeep() {
    return storage.upkeep();
  }

  /** The term ends, the storage stays. */
  @Override
  public void close() {}
}
