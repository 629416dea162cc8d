package dev.holdfast.simulator.mutant;

import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Term;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Elections over a row of their own, by whatever clock, and with whatever number comes next. */
record OwnElections(AtomicReference<Leadership> row, InstantSource clock, int step)
    implements Elections {

  @Override
  public Contest contend(Candidate candidate, Duration lease) {
    Instant now = clock.instant();
    Leadership newest = row.get();
    boolean isHeld = newest != null && newest.expiresAt().isAfter(now);
    if (isHeld && !newest.session().equals(candidate.session())) {
      return new Contest.Lost(newest);
    }
    long number = newest == null ? 1 : newest.term().number() + (isHeld ? 0 : step);
    Leadership won = new Leadership(
        new Term(1, number), candidate.session(), candidate.node(), "", now, now.plus(lease));
    row.set(won);
    return new Contest.Won(won);
  }

  @Override
  public boolean renew(Term term, Duration lease) {
    return leads(term) && prolong(clock.instant().plus(lease));
  }

  @Override
  public void resign(Term term) {
    boolean ignored = leads(term) && prolong(clock.instant());
  }

  @Override
  public Optional<Leadership> leader() {
    return Optional.ofNullable(row.get()).filter(lead -> leads(lead.term()));
  }

  boolean leads(Term term) {
    Leadership newest = row.get();
    return newest != null
        && newest.term().equals(term)
        && newest.expiresAt().isAfter(clock.instant());
  }

  private boolean prolong(Instant expiresAt) {
    row.updateAndGet(lead -> new Leadership(
        lead.term(), lead.session(), lead.node(), lead.address(), lead.since(), expiresAt));
    return true;
  }
}
