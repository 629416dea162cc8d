package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.task.LaneKey;
import java.util.Comparator;
import java.util.List;

/** The lanes, numbered as they come. */
public final class LaneBook {

  private final Table<LaneKey, Integer> numbers;
  private final Table<Integer, Lane> lanes;
  private int last;

  LaneBook(Journal journal) {
    numbers = new Table<>(
        journal,
        Comparator.comparing((LaneKey key) -> key.address().namespace())
            .thenComparing(key -> key.address().queue())
            .thenComparing(key -> key.address().type())
            .thenComparing(key -> key.constraints().canonical()));
    lanes = new Table<>(journal, Comparator.naturalOrder());
  }

  /** The number of a lane, a new one when the lane is new. */
  public int numberOf(LaneKey key) {
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    // Not taken back with the transaction: numbers are never reused.
    int number = ++last;
    numbers.put(key, number);
    lanes.put(number, new Lane(number, key));
    return number;
  }

  /** The lanes with greater numbers, ascending. */
  public List<Lane> after(int number) {
    return List.copyOf(lanes.after(number).values());
  }
}
