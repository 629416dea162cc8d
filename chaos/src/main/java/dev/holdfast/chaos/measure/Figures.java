package dev.holdfast.chaos.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Durations of one kind. Belongs to one thread. */
public final class Figures {

  private final List<Double> millis = new ArrayList<>();

  /** Adds one. */
  public void addNanos(long nanos) {
    millis.add(nanos / 1e6);
  }

  /** How many. */
  public int count() {
    return millis.size();
  }

  /** The value that this share of all does not exceed, in milliseconds. */
  public double quantile(double share) {
    if (millis.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = millis.stream().sorted().toList();
    int index = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.clamp(index, 0, sorted.size() - 1));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "n=%-3d p50=%6.0f ms  p99=%6.0f ms  max=%6.0f ms",
        count(),
        quantile(0.5),
        quantile(0.99),
        quantile(1));
  }
}
