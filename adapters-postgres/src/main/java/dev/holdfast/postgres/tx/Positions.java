package dev.holdfast.postgres.tx;

import dev.holdfast.domain.port.tx.Lane;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Where the claims of each lane have last found work, so that the next one begins there instead of
 * walking past the entries of what was taken before. While somebody holds an old snapshot nothing
 * removes those, and a claim from the head becomes ten times as dear within a minute.
 *
 * <p>A position saves work and decides nothing. What was put before it by this storage moves it
 * back; what another node put there is found within {@link #HEAD_EVERY}, when the lane is looked at
 * from its head again, or at once when a claim finds nothing more. Safe for concurrent use.
 */
public final class Positions {

  static final Duration HEAD_EVERY = Duration.ofSeconds(1);

  private final Map<Integer, Mark> marks = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  /** Knows nothing yet; {@code nanos} is a monotonic clock. */
  public Positions(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Where to begin in a lane. */
  Position of(int lane) {
    Mark mark = marks.get(lane);
    return mark == null || nanos.getAsLong() - mark.headSeenNanos > HEAD_EVERY.toNanos()
        ? Position.HEAD
        : mark.position;
  }

  /** Where to begin in each of the lanes. */
  List<Start> of(List<Lane> lanes) {
    return lanes.stream()
        .map(lane -> new Start(lane.number(), of(lane.number())))
        .toList();
  }

  /** A claim that began at {@code from} took everything of the lane that is before this. */
  void reached(int lane, Position from, Position last) {
    marks.compute(lane, (key, mark) -> {
      boolean fromHead = from.equals(Position.HEAD) || mark == null;
      return new Mark(last, fromHead ? nanos.getAsLong() : mark.headSeenNanos);
    });
  }

  /** Something was put here. */
  public void put(int lane, Position at) {
    marks.computeIfPresent(
        lane,
        (key, mark) -> at.compareTo(mark.position) < 0 ? new Mark(at, mark.headSeenNanos) : mark);
  }

  /** The next claim begins at the head. */
  void forget(int lane) {
    marks.remove(lane);
  }

  /** A lane and where to begin in it. */
  record Start(int lane, Position position) {

    boolean isHead() {
      return position.equals(Position.HEAD);
    }
  }

  private record Mark(Position position, long headSeenNanos) {}

  /** A place in the order of a lane. */
  public record Position(int priority, long order) implements Comparable<Position> {

    /** Before everything. */
    static final Position HEAD = new Position(Short.MIN_VALUE, Long.MIN_VALUE);

    private static final Comparator<Position> ORDER =
        Comparator.comparingInt(Position::priority).thenComparingLong(Position::order);

    @Override
    public int compareTo(Position other) {
      return ORDER.compare(this, other);
    }
  }
}
