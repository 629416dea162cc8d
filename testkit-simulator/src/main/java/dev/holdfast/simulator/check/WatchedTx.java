package dev.holdfast.simulator.check;

import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.port.history.Steps;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Places;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Remembers what a transaction did with runs, and tells it when it commits. */
final class WatchedTx implements StorageTx, Runs {

  private final StorageTx real;
  private final Runs runs;
  private final List<Deed> deeds = new ArrayList<>();
  private boolean isWriting;

  WatchedTx(StorageTx real) {
    this.real = real;
    this.runs = real.runs();
  }

  /** Something that counts once the transaction commits. */
  private interface Deed {
    void done(Witness witness, Subject by);
  }

  void committed(Witness witness, Subject by) {
    deeds.forEach(deed -> deed.done(witness, by));
    Long term = isWriting ? by.dutyTerm() : null;
    if (term != null) {
      witness.terms().wrote(by, term);
    }
  }

  @Override
  public ClaimAnswer claim(ClaimRequest request) {
    ClaimAnswer answer = runs.claim(request);
    if (answer instanceof ClaimAnswer.Claimed claimed && !claimed.assignments().isEmpty()) {
      deeds.add((witness, by) -> witness.leases().claimed(by, request, claimed));
    }
    return answer;
  }

  @Override
  public Set<RunKey> complete(Collection<Completion> completions) {
    Set<RunKey> ended = runs.complete(completions);
    ended.forEach(this::completed);
    return ended;
  }

  private void completed(RunKey key) {
    deeds.add((witness, by) -> witness.leases().completed(by, key));
  }

  @Override
  public List<Held> take(Collection<RunKey> keys) {
    List<Held> taken = runs.take(keys);
    for (Held held : taken) {
      deeds.add((witness, by) -> witness.leases().settled(by, held.run().key()));
    }
    return taken;
  }

  @Override
  public List<Held> takeOf(SessionId session, int limit) {
    isWriting = true;
    List<Held> taken = runs.takeOf(session, limit);
    if (!taken.isEmpty()) {
      deeds.add((witness, by) -> witness.reaped(by, session, taken));
    }
    return taken;
  }

  @Override
  public List<Held> takeOverdue(int limit) {
    return runs.takeOverdue(limit);
  }

  @Override
  public List<Held> lock(Collection<TaskId> tasks) {
    return runs.lock(tasks);
  }

  @Override
  public void replace(Collection<Held> locked) {
    runs.replace(locked);
  }

  @Override
  public Runs runs() {
    return this;
  }

  @Override
  public Facts facts() {
    isWriting = true;
    return new WatchedFacts(real.facts(), this::completed);
  }

  @Override
  public Instant now() {
    return real.now();
  }

  @Override
  public Submissions submissions() {
    return real.submissions();
  }

  @Override
  public Places places() {
    return real.places();
  }

  @Override
  public boolean leads(Term term) {
    return real.leads(term);
  }

  @Override
  public History history() {
    return real.history();
  }

  @Override
  public Steps steps() {
    return real.steps();
  }

  @Override
  public Dependencies dependencies() {
    return real.dependencies();
  }
}
