package dev.holdfast.application.cluster;

import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.value.SessionId;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Ends sessions whose process was gone in two looks in a row. Belongs to one thread. */
final class Deaths {

  private final Sessions sessions;
  private Set<SessionId> before = Set.of();

  Deaths(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Looks at those that {@code concerned} accepts; how many of them were ended. */
  int end(Predicate<SessionId> concerned) {
    Set<SessionId> now = new HashSet<>(sessions.vanished());
    now.removeIf(concerned.negate());
    Set<SessionId> twice = new HashSet<>(now);
    twice.retainAll(before);
    before = now;
    int ended = 0;
    for (SessionId session : twice) {
      ended += sessions.endVanished(session) ? 1 : 0;
    }
    return ended;
  }
}
