package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Term;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The one row of the elections. */
public final class LeadBook {

  private static final int ROW = 1;

  private final Table<Integer, Leadership> row;

  LeadBook(Journal journal) {
    row = new Table<>(journal, Comparator.naturalOrder());
  }

  /** The newest lead, over or not; null before the first. */
  public @Nullable Leadership newest() {
    return row.get(ROW);
  }

  /** Writes a lead. */
  public void put(Leadership leadership) {
    row.put(ROW, leadership);
  }

  /** Whether a term is the newest and not over. */
  public boolean leads(Term term, Instant now) {
    Leadership newest = newest();
    return newest != null && newest.term().equals(term) && newest.expiresAt().isAfter(now);
  }
}
