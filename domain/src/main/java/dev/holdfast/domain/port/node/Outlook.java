package dev.holdfast.domain.port.node;

import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there was to look for when a heartbeat was answered, so that nobody has to ask for it alone.
 * It is a look like any other: true in its moment, and nothing is decided by it. What would take
 * too long to look at counts as there.
 *
 * @param lead who leads; null when nobody does
 * @param live the sessions that have not ended, ascending
 * @param vanished those that {@link Sessions#vanished} would name, but for the one that beats
 * @param isBusy whether any session holds runs
 * @param isPending whether any task is pending, in whatever lane
 * @param dues when there is something to do, by the storage's clock, for each duty that has any;
 *     told to whoever leads (its heartbeat renews the lead) or has the storage for itself, and to
 *     nobody else
 */
public record Outlook(
    @Nullable Leadership lead,
    List<SessionId> live,
    List<SessionId> vanished,
    boolean isBusy,
    boolean isPending,
    Map<Duty, Instant> dues) {

  public Outlook {
    live = List.copyOf(live);
    vanished = List.copyOf(vanished);
    dues = Map.copyOf(dues);
  }

  /** What somebody has to do for all. */
  public enum Duty {
    /** Something scheduled is due, or a suspended task is to wake. */
    PROMOTE,
    /** A task expires. */
    EXPIRE,
    /** Another session's heartbeat will be older than its time to live. */
    RECLAIM,
    /** Dependants were put off. */
    WORK_OFF
  }
}
