package dev.holdfast.simulator.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The first broken promise of a history, and the last things that happened before it. */
public final class Verdict {

  private static final int KEPT = 400;

  private final LongSupplier now;
  private final boolean isTracing;
  private final Deque<String> trace = new ArrayDeque<>();
  private @Nullable String broken;
  private long hash = 17;

  /** None yet; {@code isTracing} keeps what {@link #tell} is told. */
  public Verdict(LongSupplier now, boolean isTracing) {
    this.now = now;
    this.isTracing = isTracing;
  }

  /** Whether a promise was broken. */
  public boolean isBroken() {
    return broken != null;
  }

  /** Which one and how; null while none is. */
  public @Nullable String broken() {
    return broken;
  }

  /** A promise was broken; only the first counts. */
  public void broken(String property, String how) {
    tell(() -> property + " broken: " + how);
    if (broken == null) {
      broken = property + ": " + how;
    }
  }

  /** Something happened that helps to understand a broken promise. */
  public void tell(Supplier<String> what) {
    hash = hash * 31 + now.getAsLong();
    if (isTracing) {
      trace.addLast("%10.3f ms  %s".formatted(now.getAsLong() / 1e6, what.get()));
      if (trace.size() > KEPT) {
        trace.removeFirst();
      }
    }
  }

  /** A number that two equal histories share. */
  public long hash() {
    return hash;
  }

  /** What was told last, if it was kept. */
  public String trace() {
    return String.join("\n", trace);
  }
}
