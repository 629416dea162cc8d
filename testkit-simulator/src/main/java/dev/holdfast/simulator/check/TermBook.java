package dev.holdfast.simulator.check;

import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Who was given which term, and whether what a leader writes is written within it. */
final class TermBook {

  private final Verdict verdict;
  private final Storage truth;
  private final InstantSource clock;
  private final boolean areClocksExact;
  private @Nullable Leadership newest;
  private @Nullable Subject holder;

  /** {@code areClocksExact} when neither the storage's clock steps nor those of nodes drift. */
  TermBook(Verdict verdict, Storage truth, InstantSource clock, boolean areClocksExact) {
    this.verdict = verdict;
    this.truth = truth;
    this.clock = clock;
    this.areClocksExact = areClocksExact;
  }

  /** The number of the newest term; 0 before the first. */
  long newestTerm() {
    return newest == null ? 0 : newest.term().number();
  }

  void won(Subject by, Leadership lead) {
    Leadership before = newest;
    if (before == null) {
      verdict.tell(() -> by + " wins term " + lead.term());
    } else if (!before.term().equals(lead.term())) {
      verdict.tell(() -> by + " wins term " + lead.term());
      successor(by, before, lead);
    } else if (!before.session().equals(lead.session())) {
      verdict.broken("S6", by + " is given " + lead + ", which was " + before);
    }
    newest = lead;
    holder = by;
    by.won(lead.term().number());
  }

  private void successor(Subject by, Leadership before, Leadership lead) {
    if (lead.term().number() <= before.term().number()) {
      verdict.broken("S6", by + " is given " + lead + " after " + before);
    }
    boolean isAlive = isAlive(before.session());
    if (isAlive && before.expiresAt().isAfter(now())) {
      verdict.broken("S6", by + " is given " + lead + " at " + now() + " within " + before);
    }
    Subject old = holder;
    Long said = old == null || old.equals(by) ? null : old.leadsTerm();
    // A lead that ends with its session ends at once; one that runs out was left in time.
    if (areClocksExact && isAlive && said != null) {
      verdict.broken(
          "S6", old + " says it leads term " + said + " when " + by + " is given " + lead);
    }
  }

  private Instant now() {
    return clock.instant();
  }

  void renewed(Term term, Instant expiresAt) {
    Leadership lead = newest;
    if (lead == null || !lead.term().equals(term)) {
      verdict.broken("S6", "term " + term + " is renewed, the newest is " + lead);
    } else {
      newest = new Leadership(
          term, lead.session(), lead.node(), lead.address(), lead.since(), expiresAt);
    }
  }

  void resigned(Term term) {
    Leadership lead = newest;
    if (lead != null && lead.term().equals(term)) {
      renewed(term, now());
    }
  }

  /** A transaction of a leader's duty is about to commit. */
  void wrote(Subject by, long term) {
    if (term != newestTerm()) {
      verdict.broken("S5", by + " writes in term " + term + ", the newest is " + newestTerm());
    }
  }

  /** Whether the session is the newest of its node and was not ended. */
  boolean isAlive(SessionId session) {
    for (NodeView view : truth.sessions().nodes()) {
      if (view.session().equals(session)) {
        return view.profile().condition() != NodeCondition.DEAD;
      }
    }
    return false;
  }
}
