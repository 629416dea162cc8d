package dev.holdfast.postgres.history;

import java.util.List;
import java.util.UUID;

/**
 * Ids between partitions that will be removed whole, in byte order.
 *
 * @param begin before the first of them
 * @param end behind the last of them
 */
record Stretch(UUID begin, UUID end) {

  private static final UUID BEHIND_ALL = new UUID(-1L, -1L);

  /**
   * The first one behind an id.
   *
   * @param whole in order
   */
  static Stretch behind(UUID id, List<Range> whole) {
    UUID begin = id;
    for (Range range : whole) {
      if (compare(begin, range.upper()) < 0) {
        if (compare(begin, range.lower()) < 0) {
          return new Stretch(begin, range.lower());
        }
        begin = range.upper();
      }
    }
    return new Stretch(begin, BEHIND_ALL);
  }

  /** Whether nothing is behind it. */
  boolean isLast() {
    return end.equals(BEHIND_ALL);
  }

  // UUID.compareTo is signed.
  private static int compare(UUID one, UUID other) {
    int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
  }
}
