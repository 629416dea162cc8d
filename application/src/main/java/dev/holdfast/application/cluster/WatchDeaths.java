package dev.holdfast.application.cluster;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.node.Sessions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leader's look for sessions whose process is gone: one that was gone in two looks in a row ends,
 * and what it held is reclaimed. Paused and partitioned nodes keep their connection; there the age
 * of the heartbeat decides.
 */
public final class WatchDeaths implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(WatchDeaths.class);

  private final Deaths deaths;
  private final Duration every;
  private final Runnable died;

  /** {@code died} is called after a session was ended. */
  public WatchDeaths(Sessions sessions, Duration every, Runnable died) {
    this.deaths = new Deaths(sessions);
    this.every = every;
    this.died = died;
  }

  @Override
  public String name() {
    return "deaths";
  }

  @Override
  public Duration tick() {
    if (deaths.end(session -> true)) {
      LOG.atWarn().log("a node's process is gone; its session has ended");
      died.run();
    }
    return every;
  }
}
