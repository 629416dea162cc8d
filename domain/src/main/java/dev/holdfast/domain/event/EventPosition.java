package dev.holdfast.domain.event;

import dev.holdfast.domain.value.TaskId;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;

/**
 * A place in the global event stream: a total order, unique since (task, version) is.
 *
 * @param incarnation of the database; a position of another one is refused as expired
 * @param transaction that wrote the fact; grows in commit-safe order
 */
public record EventPosition(long incarnation, long transaction, TaskId task, int version)
    implements Comparable<EventPosition> {

  private static final Comparator<EventPosition> ORDER = Comparator.comparingLong(
          EventPosition::transaction)
      .thenComparing(EventPosition::task)
      .thenComparingInt(EventPosition::version);

  private static final TaskId LAST = new TaskId(new UUID(-1L, -1L));
  private static final TaskId FIRST = new TaskId(new UUID(0L, 0L));

  public EventPosition {
    Objects.requireNonNull(task, "task");
  }

  /** Before every event of the transaction. */
  public static EventPosition before(long incarnation, long transaction) {
    return new EventPosition(incarnation, transaction, FIRST, 0);
  }

  /** Behind every event of the transaction. */
  public static EventPosition behind(long incarnation, long transaction) {
    return new EventPosition(incarnation, transaction, LAST, Integer.MAX_VALUE);
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static EventPosition parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("not an event position");
    }
    EventPosition position = new EventPosition(
        Long.parseLong(parts[0]),
        Long.parseLong(parts[1]),
        TaskId.parse(parts[2]),
        Integer.parseInt(parts[3]));
    if (!position.toString().equals(text)) {
      throw new IllegalArgumentException("not a canonical event position");
    }
    return position;
  }

  /** Compares positions of one incarnation. */
  @Override
  public int compareTo(EventPosition other) {
    return ORDER.compare(this, other);
  }

  /** The text that {@link #parse} reads: four parts with dots between. */
  @Override
  public String toString() {
    return incarnation + "." + transaction + "." + task + "." + version;
  }
}
