package dev.holdfast.application.node;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.worker.Worker;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops this node's handlers before the storage would give their tasks away: when no heartbeat was
 * answered for the time to live less a margin, by the monotonic clock, counted from before the
 * heartbeat was sent.
 */
final class SelfFence implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(SelfFence.class);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final KeepSession session;
  private final Worker worker;
  private final LongSupplier nanos;
  private final long limitNanos;

  SelfFence(KeepSession session, Worker worker, LongSupplier nanos, Duration limit) {
    this.session = session;
    this.worker = worker;
    this.nanos = nanos;
    this.limitNanos = limit.toNanos();
  }

  @Override
  public String name() {
    return "self-fence";
  }

  @Override
  public Duration tick() {
    if (!session.isOver() && nanos.getAsLong() - session.lastBeatNanos() >= limitNanos) {
      LOG.atWarn()
          .addKeyValue("session", session.id())
          .log("no heartbeat was answered in time; this node stops its handlers");
      session.isOverNow(session.id());
      worker.fence();
    }
    return LOOK;
  }
}
