package dev.holdfast.bootstrap.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What became of a node that was killed, and of its work. Safe for concurrent use. */
final class Kill {

  private final String node;
  private final Instant at;
  private final boolean wasLeader;
  private final long term;
  private final AtomicInteger moved = new AtomicInteger();
  private volatile Duration recovery = Duration.ZERO;
  private volatile @Nullable String successor;
  private volatile Duration succession = Duration.ZERO;

  /** Killed at an instant of the database's clock, in a term. */
  Kill(String node, Instant at, boolean wasLeader, long term) {
    this.node = node;
    this.at = at;
    this.wasLeader = wasLeader;
    this.term = term;
  }

  /** The node, and whether it led. */
  String name() {
    return wasLeader ? node + " (the leader)" : node;
  }

  /** A task of the node was given to another one. */
  void moved(Instant when) {
    moved.incrementAndGet();
    recovery = longer(recovery, when);
  }

  /** Somebody leads since an instant. */
  void led(String leader, long newTerm, Instant since) {
    if (wasLeader && newTerm > term && successor == null) {
      succession = longer(Duration.ZERO, since);
      successor = leader;
    }
  }

  private Duration longer(Duration known, Instant when) {
    Duration now = Duration.between(at, when);
    return now.compareTo(known) > 0 ? now : known;
  }

  /** From the kill until all of its work ran elsewhere, and somebody led. */
  Duration gap() {
    return recovery.compareTo(succession) > 0 ? recovery : succession;
  }

  /** For people. */
  String text() {
    String work = moved.get() == 0
        ? "it held nothing"
        : moved.get() + (moved.get() == 1 ? " task" : " tasks") + " ran elsewhere within "
            + seconds(recovery);
    String lead = !wasLeader
        ? ""
        : successor == null
            ? "; no new leader yet"
            : "; " + successor + " leads after " + seconds(succession);
    return name() + " killed: " + work + lead;
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
