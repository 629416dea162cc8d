package dev.holdfast.http.wire;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts off connections whose client does not read. Safe for concurrent use. */
final class Watch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().name("holdfast-http-watch").daemon().factory());

  /** Looks as often as a quarter of the time that a write may take. */
  void start(Duration write) {
    long period = Math.clamp(write.toMillis() / 4, 10, 1000);
    var unused = timer.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  void add(Guard guard) {
    guards.add(guard);
  }

  void remove(Guard guard) {
    guards.remove(guard);
  }

  /** How many connections there are. */
  int size() {
    return guards.size();
  }

  private void look() {
    long now = System.nanoTime();
    for (Guard guard : guards) {
      try {
        guard.cutIfStuck(now);
      } catch (RuntimeException e) {
        LOG.atWarn().setCause(e).log("could not look at a connection");
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
