package dev.holdfast.application.cluster;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.value.SessionId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leader's look for sessions whose process is gone: one that was gone in two looks in a row ends,
 * and what it held is reclaimed. Paused and partitioned nodes keep their connection; there the age
 * of the heartbeat decides.
 */
public final class WatchDeaths implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(WatchDeaths.class);

  private final Sessions sessions;
  private final Duration every;
  private final Runnable died;
  private Set<SessionId> before = Set.of();

  /** {@code died} is called after a session was ended. */
  public WatchDeaths(Sessions sessions, Duration every, Runnable died) {
    this.sessions = sessions;
    this.every = every;
    this.died = died;
  }

  @Override
  public String name() {
    return "deaths";
  }

  @Override
  public Duration tick() {
    Set<SessionId> now = new HashSet<>(sessions.vanished());
    Set<SessionId> twice = new HashSet<>(now);
    twice.retainAll(before);
    before = now;
    for (SessionId session : twice) {
      LOG.atWarn()
          .addKeyValue("session", session)
          .log("a node's process is gone; its session ends");
      sessions.end(session);
    }
    if (!twice.isEmpty()) {
      died.run();
    }
    return every;
  }
}
