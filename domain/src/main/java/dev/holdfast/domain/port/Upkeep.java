package dev.holdfast.domain.port;

import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Bounded pieces of upkeep; each is safe to run at any time, on any node. */
public interface Upkeep {

  /**
   * Adds up counts that {@link Facts#count} appended more than a minute ago.
   *
   * @return how many rows it removed; 0 when there is nothing to do
   */
  int rollUpCounts();

  /**
   * Lets the storage reclaim space, write through what it buffers, and make room ahead of time, if
   * it needs that.
   */
  void tidy();

  /**
   * Goes on removing whole stretches of the history at once, where the storage keeps it apart by
   * time: those of which every task has ended longer ago than {@code age} and nobody depends on.
   * What it removes is gone as by {@link History#removeEnded}, and off the counts already; that
   * one leaves alone what this one will remove.
   */
  default Cleared clear(Duration age) {
    return Cleared.NOTHING;
  }

  /**
   * How the storage fares, by the names of gauges. To be asked every ten seconds at most, by one
   * node.
   */
  default Map<String, Double> gauges() {
    return Map.of();
  }

  /**
   * What one piece came to.
   *
   * @param ended the tasks that were removed, by queue and state, as positive numbers
   * @param more whether it has to be called again soon
   */
  record Cleared(List<Tally> ended, boolean more) {

    /** Nothing was removed, and nothing is at hand. */
    public static final Cleared NOTHING = new Cleared(List.of(), false);

    /** Nothing was removed yet. */
    public static final Cleared MORE = new Cleared(List.of(), true);

    public Cleared {
      ended = List.copyOf(ended);
    }
  }
}
