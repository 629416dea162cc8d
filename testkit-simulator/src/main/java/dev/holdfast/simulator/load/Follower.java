package dev.holdfast.simulator.load;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.simulator.check.Verdict;
import dev.holdfast.simulator.check.Witness;
import dev.holdfast.simulator.node.Cluster;
import dev.holdfast.simulator.node.Life;
import dev.holdfast.simulator.time.Actor;
import dev.holdfast.simulator.time.Timeline;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Follows the event log by a cursor, on one node after another: misses nothing, sees it once. */
public final class Follower {

  private static final long MS = 1_000_000L;
  private static final long EVERY = 250 * MS;

  private final Timeline timeline;
  private final Cluster cluster;
  private final Witness witness;
  private final Verdict verdict;
  private final RandomGenerator chance;
  private final Actor self = new Actor("follower");
  private EventPosition next;
  private int seen;
  private int question;

  /** One that begins before the first event. */
  public Follower(
      Timeline timeline,
      Cluster cluster,
      Witness witness,
      Verdict verdict,
      EventPosition start,
      RandomGenerator chance) {
    this.timeline = timeline;
    this.cluster = cluster;
    this.witness = witness;
    this.verdict = verdict;
    this.next = start;
    this.chance = chance;
  }

  /** Begins to follow. */
  public void start() {
    Life life = cluster.anyUp(chance);
    if (life != null && chance.nextInt(4) > 0) {
      Storage storage = Objects.requireNonNull(life.storage());
      // The answer to an earlier question does not count any more.
      int asked = ++question;
      timeline.after(0, life.actor(), "follower", () -> look(storage, asked));
    }
    timeline.after(EVERY, self, null, this::start);
  }

  /** Whether it has seen every event that there is. */
  public boolean isDone() {
    return seen == witness.stories().positions().size();
  }

  private void look(Storage storage, int asked) {
    try {
      EventPage page = storage.events().page(next, 1 + chance.nextInt(60));
      if (asked == question) {
        question++;
        compare(page);
      }
    } catch (StorageUnavailable e) {
      verdict.tell(() -> "the follower got no answer");
    }
  }

  private void compare(EventPage page) {
    witness.stories().readOn();
    List<EventPosition> all = witness.stories().positions();
    for (EventPage.Entry entry : page.entries()) {
      if (seen >= all.size() || !all.get(seen).equals(entry.position())) {
        verdict.broken("S7", "a follower finds " + entry + " as its " + seen + "th event");
        return;
      }
      seen++;
    }
    next = page.next();
    // What stands before its position now it will never see.
    if (seen < all.size() && all.get(seen).compareTo(next) <= 0) {
      verdict.broken("S7", "a follower stands at " + next + " and has not seen " + all.get(seen));
    }
  }
}
