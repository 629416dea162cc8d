package dev.holdfast.simulator.check;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sees what every node does on the storage, and checks it against the truth. */
public final class Witness {

  private final Verdict verdict;
  private final InstantSource clock;
  private final LeaseBook leases;
  private final TermBook terms;
  private final Stories stories;
  private final Acknowledged acknowledged;
  private final Map<NodeId, SessionId> sessions = new HashMap<>();

  /** Checks against {@code truth}, the storage without any fault, and its clock. */
  public Witness(Verdict verdict, Storage truth, InstantSource clock, boolean areClocksExact) {
    this.verdict = verdict;
    this.clock = clock;
    this.leases = new LeaseBook(verdict);
    this.terms = new TermBook(verdict, truth, clock, areClocksExact);
    this.stories = new Stories(verdict, truth);
    this.acknowledged = new Acknowledged(verdict, truth);
  }

  /** The storage as one life of a node is to see it. */
  public Storage watch(Storage real, Subject by) {
    return new Watched(real, this, by);
  }

  /** The events so far. */
  public Stories stories() {
    return stories;
  }

  /** What clients were told. */
  public Acknowledged acknowledged() {
    return acknowledged;
  }

  /** The number of the newest term; 0 before the first. */
  public long newestTerm() {
    return terms.newestTerm();
  }

  /** Whether a session is the newest of its node and was not ended. */
  public boolean isAlive(SessionId session) {
    return terms.isAlive(session);
  }

  Verdict verdict() {
    return verdict;
  }

  LeaseBook leases() {
    return leases;
  }

  TermBook terms() {
    return terms;
  }

  Instant now() {
    return clock.instant();
  }

  void opened(Subject by, SessionId session) {
    verdict.tell(() -> by + " opens " + session);
    sessions.put(by.node(), session);
    by.opened(session);
  }

  void beaten(Subject by, SessionId session) {
    SessionId newest = sessions.get(by.node());
    if (!session.equals(newest)) {
      verdict.broken("S2", by + " keeps " + session + " alive, the node's newest is " + newest);
    } else if (!terms.isAlive(session)) {
      verdict.broken("S2", by + " keeps " + session + " alive, which has ended");
    }
  }

  void reaped(Subject by, SessionId session, List<Held> taken) {
    verdict.tell(() -> by + " takes back " + taken.size() + " runs of " + session);
    if (terms.isAlive(session)) {
      verdict.broken("S2", by + " takes runs of " + session + ", which lives");
    }
    taken.forEach(held -> leases.settled(by, held.run().key()));
  }
}
