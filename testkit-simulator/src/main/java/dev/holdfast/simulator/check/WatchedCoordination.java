package dev.holdfast.simulator.check;

import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.domain.port.node.Term;
import java.time.Duration;
import java.util.Optional;

/** Elections of which every grant is checked. */
record WatchedCoordination(Coordination real, Witness witness, Subject by)
    implements Coordination, Elections {

  @Override
  public Elections elections() {
    return this;
  }

  @Override
  public Signals signals() {
    return real.signals();
  }

  @Override
  public Contest contend(Candidate candidate, Duration lease) {
    Contest contest = real.elections().contend(candidate, lease);
    if (contest instanceof Contest.Won won) {
      witness.terms().won(by, won.leadership());
    }
    return contest;
  }

  @Override
  public boolean renew(Term term, Duration lease) {
    boolean isRenewed = real.elections().renew(term, lease);
    if (isRenewed) {
      witness.terms().renewed(term, witness.now().plus(lease));
    }
    return isRenewed;
  }

  @Override
  public void resign(Term term) {
    real.elections().resign(term);
    witness.verdict().tell(() -> by + " gives back term " + term);
    witness.terms().resigned(term);
  }

  @Override
  public Optional<Leadership> leader() {
    return real.elections().leader();
  }
}
