package dev.holdfast.domain.port.node;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Who leads: one row, one leader, a term that only grows. Each method is one transaction of its
 * own, and every decision is by the storage's clock.
 */
public interface Elections {

  /**
   * Takes the lead when nobody has it: its lease is over, or its holder's session has ended. The
   * session that leads already keeps its term.
   *
   * @param lease how long the lead lasts unless renewed; positive
   */
  Contest contend(Candidate candidate, Duration lease);

  /**
   * Makes the lead last longer from now.
   *
   * @return false when the term is over: somebody else leads, or the lease had run out
   */
  boolean renew(Term term, Duration lease);

  /** Gives the lead back at once. Does nothing when the term is over. */
  void resign(Term term);

  /** Who leads now; empty when nobody does. */
  Optional<Leadership> leader();

  /**
   * A lead is to last longer.
   *
   * @param lease how long from now; positive
   */
  record Renewal(Term term, Duration lease) {

    public Renewal {
      Objects.requireNonNull(term, "term");
      Objects.requireNonNull(lease, "lease");
    }
  }

  /** Outcome of a contest. */
  sealed interface Contest {

    /** The candidate leads. */
    record Won(Leadership leadership) implements Contest {

      public Won {
        Objects.requireNonNull(leadership, "leadership");
      }
    }

    /** Somebody else leads. */
    record Lost(Leadership leader) implements Contest {

      public Lost {
        Objects.requireNonNull(leader, "leader");
      }
    }

    /** The candidate's session has ended, so it may not lead. */
    record SessionOver() implements Contest {}
  }
}
