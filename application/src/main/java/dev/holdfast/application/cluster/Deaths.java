package dev.holdfast.application.cluster;

import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.value.SessionId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions whose process was gone in two looks in a row. While nobody holds anything there is
 * nothing to hurry for: then the heartbeats' looks are the first of the two. Belongs to one thread,
 * but for {@link #see}.
 */
final class Deaths {

  private final Sessions sessions;
  private final LongSupplier nanos;
  private final Duration longest;
  private volatile @Nullable Sight sight;
  private Set<SessionId> before = Set.of();
  private long beforeNanos;

  /**
   * Has not looked yet.
   *
   * @param nanos the monotonic clock
   * @param longest how old a look of the heartbeats may be to stand for one of this
   */
  Deaths(Sessions sessions, LongSupplier nanos, Duration longest) {
    this.sessions = sessions;
    this.nanos = nanos;
    this.longest = longest;
    this.beforeNanos = nanos.getAsLong();
  }

  /** A heartbeat was answered. */
  void see(Sight seen) {
    sight = seen;
  }

  /** Looks, if need be, at those that {@code concerned} accepts; how many of them were ended. */
  int end(Predicate<SessionId> concerned) {
    long now = nanos.getAsLong();
    Sight seen = sight;
    if (before.isEmpty()
        && seen != null
        && !seen.outlook().isBusy()
        && seen.isFresh(now, longest)) {
      if (seen.isAfter(beforeNanos)) {
        remember(seen.outlook().vanished(), concerned, seen.askedNanos());
      }
      return 0;
    }
    return endTwiceGone(concerned, now);
  }

  private int endTwiceGone(Predicate<SessionId> concerned, long now) {
    Set<SessionId> first = before;
    remember(sessions.vanished(), concerned, now);
    int ended = 0;
    for (SessionId session : before) {
      ended += first.contains(session) && sessions.endVanished(session) ? 1 : 0;
    }
    return ended;
  }

  private void remember(List<SessionId> gone, Predicate<SessionId> concerned, long at) {
    Set<SessionId> now = new HashSet<>(gone);
    now.removeIf(concerned.negate());
    before = now;
    beforeNanos = at;
  }
}
