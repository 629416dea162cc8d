package dev.holdfast.application.cluster;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.node.Sessions;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leader's look for sessions whose process is gone: one that was gone in two looks in a row ends,
 * and what it held is reclaimed. While no session holds anything, it looks with the heartbeats.
 * Paused and partitioned nodes keep their connection; there the age of the heartbeat decides.
 */
public final class WatchDeaths implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(WatchDeaths.class);

  private final Deaths deaths;
  private final Duration every;
  private final IntConsumer died;
  private volatile Runnable waker = () -> {};

  /** {@code died} is told how many sessions were ended, if any were. */
  public WatchDeaths(
      Sessions sessions, ClusterSettings settings, LongSupplier nanos, IntConsumer died) {
    this.deaths = new Deaths(sessions, nanos, settings.leaderRenew());
    this.every = settings.watch();
    this.died = died;
  }

  /** A heartbeat was answered. */
  public void see(Sight sight) {
    deaths.see(sight);
    if (!sight.outlook().vanished().isEmpty()) {
      waker.run();
    }
  }

  @Override
  public String name() {
    return "deaths";
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
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
