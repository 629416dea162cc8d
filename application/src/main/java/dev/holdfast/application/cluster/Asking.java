package dev.holdfast.application.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When it is time to ask who leads, or to renew. Heartbeats that did so put it off. Safe for
 * concurrent use.
 */
final class Asking {

  private final Duration every;
  private volatile boolean isDue = true;
  private volatile long askedNanos;
  private volatile @Nullable Sight sight;

  Asking(Duration every) {
    this.every = every;
  }

  /** A heartbeat was answered. */
  void see(Sight seen) {
    sight = seen;
  }

  /** It is time now. */
  void hurry() {
    isDue = true;
  }

  /** It was asked at that instant. */
  void asked(long instantNanos) {
    askedNanos = instantNanos;
    isDue = false;
  }

  /** What a heartbeat has told since the last question, once; null when that is nothing. */
  @Nullable
  Sight news() {
    Sight seen = sight;
    if (isDue || seen == null || !seen.isAfter(askedNanos)) {
      return null;
    }
    asked(seen.askedNanos());
    return seen;
  }

  boolean isTime(long now) {
    // The next heartbeat may be a moment late.
    long pause = sight == null ? every.toNanos() : every.toNanos() / 4 * 5;
    return isDue || now - askedNanos >= pause;
  }
}
