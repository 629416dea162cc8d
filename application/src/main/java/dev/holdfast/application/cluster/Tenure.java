package dev.holdfast.application.cluster;

import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.Leadership;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The lead that a node has, and until when by its own monotonic clock. Safe for concurrent use. */
final class Tenure {

  private final Duration lease;
  private final LongSupplier nanos;
  private volatile @Nullable Leadership own;
  private volatile long deadlineNanos;

  Tenure(Duration lease, LongSupplier nanos) {
    this.lease = lease;
    this.nanos = nanos;
  }

  /** The lead, late or not; null while there is none. */
  @Nullable
  Leadership own() {
    return own;
  }

  boolean isLate() {
    return nanos.getAsLong() - deadlineNanos >= 0;
  }

  /** How it is renewed; null while there is none. */
  @Nullable
  Renewal renewal() {
    Leadership held = own;
    return held == null ? null : new Renewal(held.term(), lease);
  }

  /** It was won; the request was sent at that instant. */
  synchronized void begin(Leadership won, long requestedNanos) {
    deadlineNanos = requestedNanos + lease.toNanos();
    own = won;
  }

  /** It was renewed. Never ends earlier than before: answers may come in any order. */
  synchronized void prolong(long requestedNanos) {
    long deadline = requestedNanos + lease.toNanos();
    if (deadline - deadlineNanos > 0) {
      deadlineNanos = deadline;
    }
  }

  void end() {
    own = null;
  }
}
