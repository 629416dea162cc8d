package dev.holdfast.application.cluster;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.node.Sessions;
import java.time.Duration;
import java.util.function.IntConsumer;
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
  private final IntConsumer died;

  /** {@code died} is told how many sessions were ended, if any were. */
  public WatchDeaths(Sessions sessions, Duration every, IntConsumer died) {
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
    int ended = deaths.end(session -> true);
    if (ended > 0) {
      LOG.atWarn().addKeyValue("sessions", ended).log("a process is gone; its session has ended");
      died.accept(ended);
    }
    return every;
  }
}
