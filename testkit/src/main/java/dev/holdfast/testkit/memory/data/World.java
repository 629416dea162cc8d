package dev.holdfast.testkit.memory.data;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Every book of one storage, one lock around them, and the clock. Safe for concurrent use. */
public final class World {

  private final ReentrantLock lock = new ReentrantLock();
  private final Journal journal = new Journal();
  private final InstantSource clock;
  private final LaneBook lanes = new LaneBook(journal);
  private final TaskBook tasks = new TaskBook(journal);
  private final PlaceBook places = new PlaceBook(journal, tasks);
  private final FactBook facts = new FactBook(journal);
  private final SessionBook sessions = new SessionBook(journal);
  private final LeadBook leads = new LeadBook(journal);
  private final EdgeBook edges = new EdgeBook(journal);
  private final CountBook counts = new CountBook(journal);
  private final StepBook steps = new StepBook(journal);

  /** An empty one. */
  public World(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** Runs a transaction: it changes everything it wants or, when it throws, nothing. */
  public <T> T write(Supplier<T> work) {
    enter();
    try {
      T answer = work.get();
      if (!journal.isEmpty()) {
        facts.next();
      }
      journal.commit();
      return answer;
    } finally {
      journal.rollBack();
      lock.unlock();
    }
  }

  /** Reads one state of everything. */
  public <T> T read(Supplier<T> question) {
    enter();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  private void enter() {
    // A database would answer from another connection, which does not see this transaction.
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("the storage was asked inside of its own transaction");
    }
    lock.lock();
  }

  /** The time, in microseconds. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** The lanes. */
  public LaneBook lanes() {
    return lanes;
  }

  /** The tasks. */
  public TaskBook tasks() {
    return tasks;
  }

  /** The places. */
  public PlaceBook places() {
    return places;
  }

  /** The facts. */
  public FactBook facts() {
    return facts;
  }

  /** The sessions. */
  public SessionBook sessions() {
    return sessions;
  }

  /** The elections. */
  public LeadBook leads() {
    return leads;
  }

  /** The edges. */
  public EdgeBook edges() {
    return edges;
  }

  /** The counts. */
  public CountBook counts() {
    return counts;
  }

  /** The steps. */
  public StepBook steps() {
    return steps;
  }
}
