package dev.holdfast.bootstrap.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known name that somebody may have meant. */
final class NearestName {

  private NearestName() {}

  /** The closest known name, when at most a third of it would have to change. */
  static Optional<String> of(String unknown, Collection<String> known) {
    return known.stream()
        .filter(name -> distance(unknown, name) <= Math.max(2, name.length() / 3))
        .min(Comparator.<String>comparingInt(name -> distance(unknown, name))
            .thenComparing(Comparator.naturalOrder()));
  }

  /** How many characters have to be inserted, removed or replaced. */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
