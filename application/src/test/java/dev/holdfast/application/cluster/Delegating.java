package dev.holdfast.application.cluster;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.StorageTx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** A storage whose contests are answered late. */
abstract class Delegating implements Storage, Coordination, Elections {

  private final Storage inner;

  Delegating(Storage inner) {
    this.inner = inner;
  }

  /** A contest was decided and is about to be answered. */
  protected abstract void answered();

  @Override
  public Contest contend(Candidate candidate, Duration lease) {
    Contest contest = inner.coordination().elections().contend(candidate, lease);
    answered();
    return contest;
  }

  @Override
  public boolean renew(Term term, Duration lease) {
    return inner.coordination().elections().renew(term, lease);
  }

  @Override
  public void resign(Term term) {
    inner.coordination().elections().resign(term);
  }

  @Override
  public Optional<Leadership> leader() {
    return inner.coordination().elections().leader();
  }

  @Override
  public Elections elections() {
    return this;
  }

  @Override
  public Signals signals() {
    return inner.coordination().signals();
  }

  @Override
  public <T> T transact(Function<StorageTx, T> work) {
    return inner.transact(work);
  }

  @Override
  public Sessions sessions() {
    return inner.sessions();
  }

  @Override
  public Coordination coordination() {
    return this;
  }

  @Override
  public TaskQueries tasks() {
    return inner.tasks();
  }

  @Override
  public EventLog events() {
    return inner.events();
  }

  @Override
  public Upkeep upkeep() {
    return inner.upkeep();
  }

  @Override
  public void close() {
    inner.close();
  }
}
